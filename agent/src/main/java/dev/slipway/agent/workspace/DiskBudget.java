package dev.slipway.agent.workspace;

import java.time.Duration;

/// How much of the disk warm folders may keep. Folders of running jobs are never touched.
///
/// @param idleFor a project's folder that was not used for this long is removed
/// @param bytes all idle folders together; the ones used longest ago go first
/// @param leastFreeBytes below this much free space idle folders go, too, and the agent takes no
///   new jobs
public record DiskBudget(Duration idleFor, long bytes, long leastFreeBytes) {
    private static final long MIB = 1024 * 1024;

    public static final DiskBudget DEFAULT =
            new DiskBudget(Duration.ofDays(14), 50 * 1024 * MIB, 256 * MIB);

    public DiskBudget {
        if (idleFor.isNegative() || bytes < 0 || leastFreeBytes < 0) {
            throw new IllegalArgumentException(
                    "A disk budget cannot be negative, but it is %s, %d bytes, %d free bytes."
                            .formatted(idleFor, bytes, leastFreeBytes));
        }
    }
}
