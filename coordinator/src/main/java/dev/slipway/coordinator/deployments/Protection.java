package dev.slipway.coordinator.deployments;

import dev.slipway.coordinator.model.EnvironmentName;
import dev.slipway.coordinator.model.EnvironmentRules;
import dev.slipway.coordinator.model.EnvironmentState;
import dev.slipway.coordinator.model.FarmView;
import dev.slipway.coordinator.model.Hold;
import dev.slipway.coordinator.model.JobState;
import dev.slipway.coordinator.model.RunState;
import dev.slipway.coordinator.model.Status;
import dev.slipway.planning.NameFilter;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

/// What the rules of an environment say of a job that wants to go there.
public final class Protection {
    private Protection() {}

    /// Whether a job may go.
    public sealed interface Answer {
        record Open() implements Answer {}

        /// @param why what it waits for, for people
        /// @param advice what helps
        record Held(String why, String advice) implements Answer {}

        /// It never may.
        record Refused(String why) implements Answer {}
    }

    private static final Answer OPEN = new Answer.Open();

    public static EnvironmentName environment(RunState run, JobState job) {
        return EnvironmentName.of(run.head().project(), job.plan().environment());
    }

    /// @param job planned, not queued yet
    public static Answer of(FarmView view, RunState run, JobState job, Instant now) {
        if (job.plan().environment().isBlank()) {
            return OPEN;
        }
        EnvironmentName name = environment(run, job);
        EnvironmentRules rules =
                view.deployments()
                        .environment(name)
                        .map(EnvironmentState::rules)
                        .orElse(EnvironmentRules.NONE);
        String label = job.plan().environment();
        if (!allowed(rules.branches(), run)) {
            return new Answer.Refused(
                    "The environment '%s' may be deployed to from %s only, not from %s."
                            .formatted(
                                    label, String.join(", ", rules.branches()), run.head().ref()));
        }
        int missing = rules.approvals() - job.gate().approvals().size();
        if (missing > 0) {
            return new Answer.Held(
                    "the environment '%s' needs %d more approval%s"
                            .formatted(label, missing, missing == 1 ? "" : "s"),
                    "`slipway approve %d --job %s`, or --reject."
                            .formatted(job.id().run(), job.node().key()));
        }
        Duration left = left(rules, job, now);
        if (!left.isZero()) {
            return new Answer.Held(
                    "the environment '%s' lets it through in %s".formatted(label, words(left)), "");
        }
        return rules.oneAtATime() ? inLine(view, name, job, now) : OPEN;
    }

    private static boolean allowed(List<String> branches, RunState run) {
        if (branches.isEmpty()) {
            return true;
        }
        String branch = run.head().branch();
        return !branch.isEmpty() && new NameFilter(branches).selects(branch);
    }

    /// How long the wait timer still runs.
    public static Duration left(EnvironmentRules rules, JobState job, Instant now) {
        Instant since = job.gate().since() == null ? now : job.gate().since();
        Duration left = Duration.between(now, since.plus(rules.delay()));
        return left.isNegative() ? Duration.ZERO : left;
    }

    /// In the order of their runs; who is let through by everything else only.
    private static Answer inLine(FarmView view, EnvironmentName name, JobState job, Instant now) {
        for (JobState other : view.jobsOf(name)) {
            if (other.id().equals(job.id())) {
                continue;
            }
            boolean there =
                    other.recovering()
                            || other.status() == Status.QUEUED
                            || other.status() == Status.LEASED
                            || other.status() == Status.RUNNING;
            boolean before =
                    other.hold() == Hold.ENVIRONMENT
                            && other.id().compareTo(job.id()) < 0
                            && other.cancel() == null
                            && waitsInLine(view, name, other, now);
            if (there || before) {
                return new Answer.Held(
                        "job %s of run %d %s the environment '%s'"
                                .formatted(
                                        other.node().key(),
                                        other.id().run(),
                                        there ? "is in" : "goes first to",
                                        job.plan().environment()),
                        "One job at a time may be there. `slipway cancel %d` ends the other one."
                                .formatted(other.id().run()));
            }
        }
        return OPEN;
    }

    private static boolean waitsInLine(
            FarmView view, EnvironmentName name, JobState other, Instant now) {
        EnvironmentRules rules =
                view.deployments()
                        .environment(name)
                        .map(EnvironmentState::rules)
                        .orElse(EnvironmentRules.NONE);
        return other.gate().approvals().size() >= rules.approvals()
                && left(rules, other, now).isZero();
    }

    private static String words(Duration left) {
        long seconds = Math.max(1, left.toSeconds());
        return seconds < 120 ? seconds + " s" : (seconds + 59) / 60 + " min";
    }
}
