package dev.slipway.agent.runner;

import dev.slipway.agent.actions.Storage;

import java.time.Duration;
import java.time.Instant;

/// The parts of one attempt that its program works with.
///
/// @param cancel how urgently it has to end
/// @param logs one log per step
/// @param hash computes `hashFiles`
record JobRuntime(
        JobSpec spec,
        Checkpoint checkpoint,
        AttemptState state,
        JobFolders folders,
        CancelSignal cancel,
        Machine machine,
        JobContexts contexts,
        StepLogs logs,
        Storage storage,
        StepScope.HashFunction hash) {

    /// The tracking id of all of the job's processes.
    String trackingId() {
        return trackingId(spec.token());
    }

    static String trackingId(Token token) {
        return "slipway:" + token.farmId() + ":" + token.attempt();
    }

    /// How much of a time limit is left. The wall clock is asked, because the start may lie before
    /// a restart of the agent; a clock that jumps moves the limit, no more.
    ///
    /// @param minutes negative means without end, and so is the answer then
    Duration remaining(Instant begun, double minutes) {
        if (minutes < 0) {
            return Duration.ofMillis(-1);
        }
        Duration limit = Duration.ofMillis((long) (minutes * 60_000));
        Duration spent = Duration.between(begun, machine.clock().now());
        Duration left = spent.isNegative() ? limit : limit.minus(spent);
        return left.isNegative() ? Duration.ZERO : left;
    }
}
