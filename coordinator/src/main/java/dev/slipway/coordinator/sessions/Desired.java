package dev.slipway.coordinator.sessions;

import dev.slipway.agent.v1.AttemptOrder.Action;
import dev.slipway.coordinator.model.AttemptState;
import dev.slipway.coordinator.model.CancelRequest;
import dev.slipway.coordinator.model.FarmView;
import dev.slipway.coordinator.model.JobState;
import dev.slipway.id.AttemptId;

import java.util.SortedMap;
import java.util.TreeMap;

/// What one agent shall do, as the farm wants it at one moment.
///
/// @param orders for every unfinished attempt that it was given
/// @param drain an operator wants no new jobs on it
record Desired(SortedMap<AttemptId, Order> orders, boolean drain) {

    /// @param epoch of the lease
    /// @param bootId of the machine that the lease was given to
    /// @param started the agent has said that it began
    record Order(long epoch, Action action, String reason, String bootId, boolean started) {}

    /// Called on the engine's thread.
    static Desired of(FarmView farm, String agentId) {
        var orders = new TreeMap<AttemptId, Order>();
        for (AttemptId id : farm.attemptsOf(agentId)) {
            farm.attempt(id)
                    .ifPresent(
                            attempt ->
                                    farm.job(id.job())
                                            .ifPresent(job -> orders.put(id, order(job, attempt))));
        }
        return new Desired(orders, farm.drains().containsKey(agentId));
    }

    private static Order order(JobState job, AttemptState attempt) {
        Action action = Action.ACTION_RUN;
        String reason = "";
        CancelRequest cancel = job.cancel();
        if (attempt.lost()) {
            action = Action.ACTION_ABANDON;
            reason = "its lease has ended";
        } else if (cancel != null) {
            action = cancel.force() ? Action.ACTION_ABANDON : Action.ACTION_CANCEL;
            reason = cancel.reason();
        }
        return new Order(
                attempt.lease().epoch(),
                action,
                reason,
                attempt.lease().bootId(),
                attempt.startedAt() != null);
    }
}
