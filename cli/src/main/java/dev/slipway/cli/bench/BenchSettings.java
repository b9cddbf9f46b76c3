package dev.slipway.cli.bench;

import dev.slipway.error.ErrorCode;
import dev.slipway.error.SlipwayException;

import java.util.ArrayList;
import java.util.List;

/// What to measure.
///
/// @param agents simulated agents
/// @param slots of each agent
/// @param jobs to submit, one a run
/// @param rate submissions per second; 0 means as fast as the farm takes them
/// @param connections that the agents share
/// @param logBytes output of each job
/// @param hold seconds to stay connected before the load
/// @param label of the agents and jobs, so that no real agent takes part
record BenchSettings(
        int agents,
        int slots,
        int jobs,
        int rate,
        int connections,
        long logBytes,
        int hold,
        String label) {
    private static final int LOG_AGENTS = 4;
    private static final int LOG_JOBS = 8;
    private static final long LOG_BYTES = 8 << 20;

    BenchSettings {
        var wrong = new ArrayList<String>();
        check(agents >= 1 && agents <= 100_000, "--agents must be 1 to 100000", wrong);
        check(slots >= 1 && slots <= 1_000, "--slots must be 1 to 1000", wrong);
        check(jobs >= 0 && jobs <= 10_000_000, "--jobs must be 0 to 10000000", wrong);
        check(rate >= 0, "--rate must not be negative", wrong);
        check(connections >= 1, "--connections must be at least 1", wrong);
        check(logBytes >= 0, "--log-bytes must not be negative", wrong);
        check(hold >= 0, "--hold must not be negative", wrong);
        if (!wrong.isEmpty()) {
            throw new SlipwayException(ErrorCode.INVALID_ARGUMENT, String.join("; ", wrong));
        }
    }

    private static void check(boolean holds, String otherwise, List<String> wrong) {
        if (!holds) {
            wrong.add(otherwise);
        }
    }

    /// A few jobs with much output, on a few agents of their own.
    BenchSettings forLogs() {
        return new BenchSettings(
                Math.min(agents, LOG_AGENTS),
                slots,
                LOG_JOBS,
                0,
                connections,
                LOG_BYTES,
                0,
                label + "-log");
    }
}
