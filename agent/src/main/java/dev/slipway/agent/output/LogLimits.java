package dev.slipway.agent.output;

import java.time.Duration;

/// How much of a step's log is kept, and when it travels.
///
/// @param capBytes of raw output: the first and the last half stay; 0 for no limit
/// @param spoolBytes that may wait on disk for the coordinator before the step is held up
/// @param flushAfter the longest time that a finished line waits for others
public record LogLimits(long capBytes, long spoolBytes, Duration flushAfter) {
    /// 64 MiB of log, 32 MiB of which may wait, 50 ms.
    public static final LogLimits DEFAULT =
            new LogLimits(64L * 1024 * 1024, 32L * 1024 * 1024, Duration.ofMillis(50));

    public LogLimits withCap(long bytes) {
        return new LogLimits(bytes, spoolBytes, flushAfter);
    }
}
