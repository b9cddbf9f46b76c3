package dev.slipway.coordinator.model;

import java.util.List;
import java.util.Optional;

/// What is known of a job once what it needs is done: everything evaluated by the coordinator.
///
/// @param name what people see, e.g. `test (linux, 17)` or `caller / callee`
/// @param runsOn all the labels that an agent must have, mapped and lower-case; empty for a call
/// @param matrixJson the matrix values as a JSON object; empty without a matrix
/// @param legs how many legs the node has; 1 without a matrix
/// @param maxParallel how many legs may run together
/// @param failFast a failed leg cancels its siblings
/// @param continueOnError the run passes although this job fails
/// @param environment name of the environment; empty without one
/// @param deploys whether its success is a deployment to that environment
/// @param concurrency the job's concurrency group
/// @param timeoutMinutes `timeout-minutes`
/// @param cancelTimeoutMinutes `cancel-timeout-minutes`
public record JobPlan(
        String name,
        List<String> runsOn,
        String matrixJson,
        int legs,
        int maxParallel,
        boolean failFast,
        boolean continueOnError,
        String environment,
        boolean deploys,
        Optional<Concurrency> concurrency,
        double timeoutMinutes,
        double cancelTimeoutMinutes) {
    public JobPlan {
        runsOn = List.copyOf(runsOn);
    }

    /// What is known of a job before it is planned: only a name.
    public static JobPlan unplanned(String name) {
        Optional<Concurrency> none = Optional.empty();
        return new JobPlan(name, List.of(), "", 1, 1, false, false, "", false, none, 360, 5);
    }
}
