package dev.slipway.coordinator.engine;

import dev.slipway.coordinator.model.Command;
import dev.slipway.coordinator.model.Event;
import dev.slipway.coordinator.model.FarmView;
import dev.slipway.coordinator.model.JobState;
import dev.slipway.coordinator.model.RunRecords;
import dev.slipway.error.ErrorCode;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/// Decides which jobs of a finished run run again: those that were asked for, and all that depend
/// on them.
final class Reruns {
    Decision<Command.Rerun> decide(FarmView view, Command.RerunRun command, Turn turn) {
        Optional<RunRecords> records = view.records(command.run());
        if (records.isEmpty()) {
            return Decider.noRun(command.run());
        }
        Optional<FarmView.TokenUse> use =
                command.clientToken().isEmpty()
                        ? Optional.empty()
                        : Submission.tokenUse(view, command.clientToken(), turn);
        if (use.filter(made -> made.run() == command.run()).isPresent()) {
            return new Decision.Accepted<>(List.of(), new Command.Rerun(use.get().runAttempt()));
        }
        if (!records.get().run().finished()) {
            return Decision.refused(
                    ErrorCode.RUN_NOT_FINISHED,
                    "Run %d has not finished; wait for it, or cancel it first."
                            .formatted(command.run()));
        }
        var selection = new Selection(records.get());
        switch (command.scope()) {
            case ALL -> selection.all();
            case FAILED -> selection.failed();
            case JOB -> {
                if (!selection.job(command.job())) {
                    return Decision.refused(
                            ErrorCode.JOB_NOT_FOUND,
                            "Run %d has no job '%s'; it has: %s"
                                    .formatted(command.run(), command.job(), selection.names()));
                }
            }
        }
        if (selection.again.isEmpty() && selection.replanned.isEmpty()) {
            return Decision.refused(
                    ErrorCode.INVALID_ARGUMENT,
                    ("No job of run %d failed: there is nothing to run again. Rerun all jobs"
                                    + " instead.")
                            .formatted(command.run()));
        }
        int runAttempt = records.get().run().runAttempt() + 1;
        var event =
                new Event.RunReopened(
                        command.run(),
                        runAttempt,
                        List.copyOf(selection.again),
                        List.copyOf(selection.replanned),
                        command.clientToken(),
                        command.by(),
                        turn.now());
        return new Decision.Accepted<>(List.of(event), new Command.Rerun(runAttempt));
    }

    /// Collects the jobs of a run.
    private static final class Selection {
        private final RunRecords records;
        private final Map<Integer, JobState> jobs = new HashMap<>();
        private final Set<Integer> again = new TreeSet<>();
        private final Set<Integer> replanned = new TreeSet<>();

        Selection(RunRecords records) {
            this.records = records;
            records.jobs().forEach(job -> jobs.put(job.id().job(), job));
        }

        void all() {
            replanned.addAll(jobs.keySet());
        }

        void failed() {
            for (JobState job : records.jobs()) {
                boolean failed = job.conclusion() != null && job.conclusion().isBad();
                boolean childless =
                        records.jobs().stream()
                                .noneMatch(other -> other.node().parent() == job.id().job());
                if (failed && (!job.isCall() || childless || !job.planned())) {
                    seed(job);
                }
            }
            settle();
        }

        boolean job(String name) {
            List<JobState> found =
                    records.jobs().stream()
                            .filter(
                                    job ->
                                            job.node().key().equals(name)
                                                    || job.plan().name().equals(name)
                                                    || job.node().node().equals(name))
                            .toList();
            found.forEach(this::seed);
            settle();
            return !found.isEmpty();
        }

        String names() {
            return String.join(
                    ", ",
                    records.shownInPlanOrder().stream().map(job -> job.node().key()).toList());
        }

        /// One job that runs again, and everything that depends on it.
        private void seed(JobState job) {
            if (job.planned() && !job.isCall()) {
                again.add(job.id().job());
            } else {
                replan(job.node().node());
            }
            dependents(job);
        }

        private void dependents(JobState job) {
            Set<String> seen = new HashSet<>();
            JobState at = job;
            while (at != null) {
                dependents(at.node().node(), seen);
                at = jobs.get(at.node().parent());
            }
        }

        private void dependents(String node, Set<String> seen) {
            for (JobState other : records.jobs()) {
                if (other.node().needs().contains(node) && seen.add(other.node().node())) {
                    replan(other.node().node());
                    dependents(other.node().node(), seen);
                }
            }
        }

        /// All jobs of a node, with the jobs of the workflow that it calls.
        private void replan(String node) {
            for (JobState job : records.jobs()) {
                if (job.node().node().equals(node)) {
                    replanWith(job);
                }
            }
        }

        private void replanWith(JobState job) {
            replanned.add(job.id().job());
            for (JobState inside : records.jobs()) {
                if (inside.node().parent() == job.id().job()) {
                    replanWith(inside);
                }
            }
        }

        private void settle() {
            again.removeAll(replanned);
        }
    }
}
