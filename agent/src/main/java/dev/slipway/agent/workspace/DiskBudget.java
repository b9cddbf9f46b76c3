package dev.slipway.agent.workspace;

import java.time.Duration;

/// How much of the disk warm folders may keep: workspaces and tools. Folders of running jobs are
/// never touched.
///
/// @param idleFor a folder that was not used for this long is removed
/// @param bytes all idle folders together; the ones used longest ago go first
/// @param leastFreeBytes below this much free space idle folders go, too, and the agent takes no
///   new jobs
public record DiskBudget(Duration idleFor, long bytes, long leastFreeBytes) {
    public static final Duration IDLE_FOR = Duration.ofDays(14);

    public DiskBudget {
        if (idleFor.isNegative() || bytes < 0 || leastFreeBytes < 0) {
            throw new IllegalArgumentException(
                    "A disk budget cannot be negative, but it is %s, %d bytes, %d free bytes."
                            .formatted(idleFor, bytes, leastFreeBytes));
        }
    }
}
