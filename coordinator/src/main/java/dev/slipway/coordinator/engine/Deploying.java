package dev.slipway.coordinator.engine;

import dev.slipway.coordinator.deployments.Numbering;
import dev.slipway.coordinator.deployments.Phases;
import dev.slipway.coordinator.model.AttemptReason;
import dev.slipway.coordinator.model.AttemptState;
import dev.slipway.coordinator.model.Command;
import dev.slipway.coordinator.model.Commit;
import dev.slipway.coordinator.model.Deployment;
import dev.slipway.coordinator.model.EnvironmentName;
import dev.slipway.coordinator.model.Event;
import dev.slipway.coordinator.model.FarmView;
import dev.slipway.coordinator.model.JobState;
import dev.slipway.coordinator.model.RunSpec;
import dev.slipway.coordinator.model.RunState;
import dev.slipway.error.ErrorCode;
import dev.slipway.error.Refusal;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Decides on what attempts say of their deployments, and on what follows for deployments from what
/// happens to jobs.
final class Deploying {
    /// More deployments than any job means to make in one run attempt.
    static final int MAX_OF_JOB = 100;

    private static final int MAX_TEXT = 2_000;

    private Deploying() {}

    static Decision<Deployment> begin(FarmView view, Command.BeginDeployment command, Turn turn) {
        Optional<AttemptState> attempt = view.attempt(command.attempt());
        Optional<Refusal> stale = stale(attempt, command.attempt().toString(), command.epoch());
        if (stale.isPresent()) {
            return new Decision.Refused<>(stale.get());
        }
        JobState job = view.job(command.attempt().job()).orElseThrow();
        String label =
                command.environment().isBlank()
                        ? job.plan().environment()
                        : command.environment().strip();
        if (label.isEmpty() || label.length() > EnvironmentName.MAX_LENGTH) {
            return Decision.refused(
                    ErrorCode.INVALID_ARGUMENT,
                    label.isEmpty()
                            ? ("The job names no environment to deploy to. Give the step the input"
                                    + " `environment`, or the job `environment: NAME`.")
                            : "The environment's name has %d characters; at most %d are allowed."
                                    .formatted(label.length(), EnvironmentName.MAX_LENGTH));
        }
        var numbering =
                new Numbering(view.deployments(), maker(view, attempt.orElseThrow()), turn.now());
        var wanted =
                new Numbering.Wanted(
                        command.step(),
                        label,
                        cut(command.target()),
                        cut(command.url()),
                        command.sealed());
        if (attempt.orElseThrow().reason() == AttemptReason.RECOVERY) {
            return recover(numbering, wanted);
        }
        Numbering.Given given = numbering.forStep(wanted);
        boolean begins = given.events().stream().anyMatch(Event.DeploymentBegun.class::isInstance);
        if (begins && Numbering.ofJob(view.deployments(), job).size() >= MAX_OF_JOB) {
            return Decision.refused(
                    ErrorCode.QUOTA_EXCEEDED,
                    "The job has made %d deployments already; one job may make no more. Deploy from"
                                    .formatted(MAX_OF_JOB)
                            + " more than one job.");
        }
        return new Decision.Accepted<>(given.events(), given.deployment());
    }

    /// A recovery begins nothing.
    private static Decision<Deployment> recover(Numbering numbering, Numbering.Wanted wanted) {
        return numbering
                .forRecovery(wanted)
                .<Decision<Deployment>>map(
                        given -> new Decision.Accepted<>(given.events(), given.deployment()))
                .orElseGet(
                        () ->
                                Decision.refused(
                                        ErrorCode.DEPLOYMENT_NOT_FOUND,
                                        ("The job has left no deployment of %s to %s in flight;"
                                                        + " this attempt only finishes such.")
                                                .formatted(
                                                        wanted.target().version(),
                                                        wanted.target().name())));
    }

    static Decision<Command.DeploymentReported> report(
            FarmView view, Command.ReportDeployment command, Turn turn) {
        Optional<AttemptState> attempt = view.attempt(command.attempt());
        Optional<Refusal> stale = stale(attempt, command.attempt().toString(), command.epoch());
        if (stale.isPresent()) {
            return new Decision.Refused<>(stale.get());
        }
        RunState run = view.run(command.attempt().run()).orElseThrow();
        var name =
                new Deployment.Name(
                        EnvironmentName.of(run.head().project(), command.environment()),
                        command.number());
        Optional<Deployment> known =
                view.deployments().ofJob(command.attempt().job()).stream()
                        .filter(deployment -> deployment.name().equals(name))
                        .findFirst();
        if (known.isEmpty()) {
            return Decision.refused(
                    ErrorCode.DEPLOYMENT_NOT_FOUND,
                    "Attempt %s has no deployment %d to '%s'."
                            .formatted(command.attempt(), command.number(), command.environment()));
        }
        Deployment before = known.get();
        Command.DeploymentReport report = command.report();
        if (before.ended()) {
            return new Decision.Accepted<>(
                    List.of(), new Command.DeploymentReported(before.phase() == report.phase()));
        }
        Deployment next =
                Phases.told(
                        before.by(command.attempt()),
                        report.phase(),
                        cut(report.detail()),
                        cut(report.runningVersion()),
                        cut(report.url()),
                        turn.now());
        return new Decision.Accepted<>(
                next.equals(before)
                        ? List.of()
                        : List.of(new Event.DeploymentChanged(next, turn.now())),
                new Command.DeploymentReported(true));
    }

    /// What an event means for deployments.
    static List<Event> follow(FarmView view, Event event, Turn turn) {
        return switch (event) {
            case Event.JobLeased e -> leased(view, e, turn);
            case Event.JobFinished e -> finished(view, e, turn);
            default -> List.of();
        };
    }

    private static List<Event> leased(FarmView view, Event.JobLeased event, Turn turn) {
        JobState job = view.job(event.job()).orElseThrow();
        if (!job.plan().deploys() || job.plan().environment().isBlank()) {
            return List.of();
        }
        AttemptState attempt = view.attempt(event.attempt()).orElseThrow();
        return new Numbering(view.deployments(), maker(view, attempt), turn.now())
                .forJob()
                .map(Numbering.Given::events)
                .orElse(List.of());
    }

    private static List<Event> finished(FarmView view, Event.JobFinished event, Turn turn) {
        JobState job = view.job(event.job()).orElseThrow();
        var events = new ArrayList<Event>();
        for (Deployment open : Numbering.ofJob(view.deployments(), job)) {
            Optional<AttemptState> last =
                    job.attempts() == 0 ? Optional.empty() : view.attempt(job.latestAttempt());
            Deployment next =
                    Phases.jobEnded(
                            open,
                            event.conclusion(),
                            last.map(AttemptState::cause).orElse(null),
                            cut(last.map(AttemptState::causeDetail).orElse(event.message())),
                            event.environmentUrl(),
                            turn.now());
            if (!next.equals(open)) {
                events.add(new Event.DeploymentChanged(next, turn.now()));
            }
        }
        return events;
    }

    private static Numbering.Maker maker(FarmView view, AttemptState attempt) {
        RunState run = view.run(attempt.id().run()).orElseThrow();
        JobState job = view.job(attempt.id().job()).orElseThrow();
        List<Commit> history =
                view.spec(attempt.id().run()).map(RunSpec::commits).orElse(List.of());
        return new Numbering.Maker(run, job, attempt, history);
    }

    private static Optional<Refusal> stale(
            Optional<AttemptState> attempt, String named, long epoch) {
        boolean holds =
                attempt.filter(AttemptState::live)
                        .filter(known -> known.lease().epoch() == epoch)
                        .isPresent();
        return holds
                ? Optional.empty()
                : Optional.of(
                        new Refusal(
                                ErrorCode.STALE_ATTEMPT,
                                "Attempt %s has ended, lost its lease, or belongs to another agent."
                                        .formatted(named)));
    }

    private static Deployment.Target cut(Deployment.Target target) {
        return new Deployment.Target(cut(target.kind()), cut(target.name()), cut(target.version()));
    }

    private static String cut(String text) {
        return text.substring(0, Math.min(MAX_TEXT, text.length()));
    }
}
