package dev.slipway.planning;

import dev.slipway.expression.Value;
import dev.slipway.workflow.Problem;

import java.util.List;
import java.util.Optional;

/// What an event would start: the answer of `slipway plan`. Made by {@link PlanReporter}, shown by
/// {@link PlanText} and {@link PlanJson}.
///
/// @param event the event's name
/// @param ref the ref it is about
/// @param workflows every workflow of the project, in file order
public record PlanReport(String event, String ref, List<WorkflowPlan> workflows) {

    public PlanReport {
        workflows = List.copyOf(workflows);
    }

    /// Whether any workflow would run.
    public boolean anyRuns() {
        return workflows.stream().anyMatch(workflow -> workflow.status() == Status.RUNS);
    }

    /// Whether any workflow is invalid or would be refused.
    public boolean anyBad() {
        return workflows.stream()
                .anyMatch(
                        workflow ->
                                workflow.status() == Status.INVALID
                                        || workflow.status() == Status.REFUSED);
    }

    /// What the event means for one workflow.
    public enum Status {
        /// It starts the workflow.
        RUNS,
        /// It does not start the workflow.
        IGNORED,
        /// The file has errors.
        INVALID,
        /// It would start the workflow, but what the workflow needs or got is not there.
        REFUSED
    }

    /// One workflow.
    ///
    /// @param reason why it runs, or why not
    /// @param problems of its files, warnings included
    /// @param jobs in file order; empty unless it runs or is refused
    public record WorkflowPlan(
            String path,
            String name,
            Status status,
            String reason,
            List<Problem> problems,
            List<JobPlan> jobs) {
        public WorkflowPlan {
            problems = List.copyOf(problems);
            jobs = List.copyOf(jobs);
        }
    }

    /// Whether a job would run.
    public enum Outlook {
        /// It runs if what it needs succeeds.
        RUNS,
        /// It is skipped whatever happens.
        SKIPPED,
        /// It depends on results or outputs of the jobs that it needs.
        OPEN,
        /// It cannot start.
        FAILS
    }

    /// One job.
    ///
    /// @param key as {@link JobNode#key}
    /// @param condition its `if` as written; empty without one
    /// @param reason why it is skipped, open or fails; empty when it runs
    /// @param runsOn as written, for when no leg is known
    /// @param uses the workflow that it calls
    /// @param legs what it becomes; empty when that is not known yet
    public record JobPlan(
            String key,
            String id,
            String name,
            List<String> needs,
            String condition,
            Outlook outlook,
            String reason,
            String runsOn,
            Optional<String> uses,
            List<LegPlan> legs) {
        public JobPlan {
            needs = List.copyOf(needs);
            legs = List.copyOf(legs);
        }
    }

    /// One leg of a job.
    ///
    /// @param matrix its values; null without a matrix
    /// @param runsOn absent for calls
    public record LegPlan(String key, String name, Value matrix, Optional<RunsOn> runsOn) {}
}
