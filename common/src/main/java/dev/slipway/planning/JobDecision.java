package dev.slipway.planning;

import java.util.List;

/// What becomes of a job whose needs are all done.
public sealed interface JobDecision {

    /// Its condition is false: it is skipped, and with it every node of the workflow it would call.
    record Skip(String reason) implements JobDecision {}

    /// It cannot start: it fails with this message for the workflow's author, and every node of the
    /// workflow it would call is skipped.
    record Fail(String message) implements JobDecision {}

    /// It runs as these legs.
    ///
    /// @param failFast whether one failing leg cancels the others (never a leg with
    ///   `continue-on-error`)
    /// @param maxParallel how many legs may run at a time
    record Run(List<JobLeg> legs, boolean failFast, int maxParallel) implements JobDecision {
        public Run {
            legs = List.copyOf(legs);
        }
    }

    /// It calls a workflow: its nodes may start. The node is done when all of them are; its result
    /// is then {@link RunPlan#finishCall}.
    ///
    /// @param maxParallel how many calls may be under way at a time
    record Call(List<CallLeg> legs, boolean failFast, int maxParallel) implements JobDecision {
        public Call {
            legs = List.copyOf(legs);
        }
    }
}
