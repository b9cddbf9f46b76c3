package dev.slipway.agent.workspace;

import java.time.Duration;

/// How much of the disk may be kept warm: workspaces, tools, pulled images. What running jobs use
/// is never touched.
///
/// @param idleFor what was not used for this long is removed
/// @param bytes all that is idle together; what was used longest ago goes first
/// @param leastFreeBytes below this much free space what is idle goes, too, and the agent takes no
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
