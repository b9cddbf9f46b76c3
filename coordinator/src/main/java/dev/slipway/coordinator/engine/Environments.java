package dev.slipway.coordinator.engine;

import dev.slipway.coordinator.model.Command;
import dev.slipway.coordinator.model.Conclusion;
import dev.slipway.coordinator.model.Deployment;
import dev.slipway.coordinator.model.EnvironmentName;
import dev.slipway.coordinator.model.EnvironmentState;
import dev.slipway.coordinator.model.Event;
import dev.slipway.coordinator.model.FarmView;
import dev.slipway.coordinator.model.Hold;
import dev.slipway.coordinator.model.Incident;
import dev.slipway.coordinator.model.JobState;
import dev.slipway.error.ErrorCode;

import java.util.List;
import java.util.Optional;

/// Decides on what people say of environments: their rules, approvals, incidents.
final class Environments {
    /// More incidents than anybody can look after at a time.
    private static final int MAX_OPEN_INCIDENTS = 1_000;

    private Environments() {}

    static Decision<EnvironmentState> configure(
            FarmView view, Command.ConfigureEnvironment command, Turn turn) {
        EnvironmentState before =
                view.deployments()
                        .environment(command.name())
                        .orElse(EnvironmentState.fresh(command.name(), command.label()));
        EnvironmentState next = before.with(command.label(), command.rules());
        boolean same = view.deployments().environment(command.name()).equals(Optional.of(next));
        return new Decision.Accepted<>(
                same
                        ? List.of()
                        : List.of(
                                new Event.EnvironmentConfigured(
                                        command.name(),
                                        command.label(),
                                        command.rules(),
                                        command.by(),
                                        turn.now())),
                next);
    }

    static Decision<Command.Reviewed> review(FarmView view, Command.ReviewJobs command, Turn turn) {
        if (view.run(command.run()).isEmpty()) {
            return view.records(command.run()).isEmpty()
                    ? Decider.noRun(command.run())
                    : Decision.refused(
                            ErrorCode.RUN_ALREADY_FINISHED,
                            "Run %d has already finished.".formatted(command.run()));
        }
        List<JobState> held =
                view.jobs(command.run()).stream()
                        .filter(job -> !job.finished() && job.hold() == Hold.ENVIRONMENT)
                        .filter(
                                job ->
                                        command.job().isEmpty()
                                                || Decider.isNamed(job, command.job()))
                        .toList();
        if (held.isEmpty()) {
            return Decision.refused(
                    ErrorCode.JOB_NOT_FOUND,
                    ("No job of run %d waits for its environment%s. `slipway explain %d` says what"
                                    + " its jobs wait for.")
                            .formatted(
                                    command.run(),
                                    command.job().isEmpty()
                                            ? ""
                                            : " and is '" + command.job() + "'",
                                    command.run()));
        }
        return new Decision.Accepted<>(
                held.stream()
                        .filter(job -> command.reject() || !approvedBy(job, command.by()))
                        .map(job -> event(job, command, turn))
                        .toList(),
                new Command.Reviewed(held.stream().map(job -> job.plan().name()).toList()));
    }

    private static boolean approvedBy(JobState job, String who) {
        return job.gate().approvals().contains(who);
    }

    private static Event event(JobState job, Command.ReviewJobs command, Turn turn) {
        if (!command.reject()) {
            return new Event.JobApproved(job.id(), command.by(), command.comment(), turn.now());
        }
        String comment = command.comment().isBlank() ? "" : ": " + command.comment();
        return Consequences.finished(
                job,
                Conclusion.FAILURE,
                "%s rejected its deployment to '%s'%s"
                        .formatted(command.by(), job.plan().environment(), comment),
                turn);
    }

    static Decision<Incident> open(FarmView view, Command.OpenIncident command, Turn turn) {
        Optional<EnvironmentState> environment = view.deployments().environment(command.name());
        if (environment.isEmpty()) {
            return Decision.refused(
                    ErrorCode.ENVIRONMENT_NOT_FOUND,
                    "The project '%s' has no environment '%s'; `slipway environments` lists them."
                            .formatted(command.name().project(), command.name().name()));
        }
        Optional<Incident> known =
                view.deployments().openIncidents().stream()
                        .filter(open -> open.environment().equals(command.name()))
                        .filter(open -> open.key().equals(command.key()))
                        .filter(open -> !open.key().isEmpty())
                        .findFirst();
        if (known.isPresent()) {
            return new Decision.Accepted<>(List.of(), known.get());
        }
        if (view.deployments().openIncidents().size() >= MAX_OPEN_INCIDENTS) {
            return Decision.refused(
                    ErrorCode.QUOTA_EXCEEDED,
                    "%d incidents are open already. Close some first: slipway incident close ID"
                            .formatted(MAX_OPEN_INCIDENTS));
        }
        long number = command.number() == 0 ? environment.get().current() : command.number();
        if (number != 0 && view.deployments().deployment(name(command.name(), number)).isEmpty()) {
            return Decision.refused(
                    ErrorCode.DEPLOYMENT_NOT_FOUND,
                    "The environment '%s' has no deployment %d; `slipway deployments` lists them."
                            .formatted(environment.get().label(), number));
        }
        var incident =
                new Incident(
                        view.deployments().lastIncident() + 1,
                        command.name(),
                        environment.get().label(),
                        number,
                        command.key(),
                        command.title(),
                        command.by(),
                        turn.now(),
                        null,
                        "");
        return new Decision.Accepted<>(
                List.of(new Event.IncidentOpened(incident, turn.now())), incident);
    }

    private static Deployment.Name name(EnvironmentName environment, long number) {
        return new Deployment.Name(environment, number);
    }

    static Decision<Incident> close(FarmView view, Command.CloseIncident command, Turn turn) {
        Optional<Incident> known =
                view.deployments().openIncidents().stream()
                        .filter(
                                open ->
                                        command.key().isEmpty()
                                                ? open.id() == command.id()
                                                : open.key().equals(command.key()))
                        .findFirst();
        if (known.isEmpty()) {
            return Decision.refused(
                    ErrorCode.INCIDENT_NOT_FOUND,
                    "No open incident is %s; `slipway incident list` lists them."
                            .formatted(
                                    command.key().isEmpty()
                                            ? String.valueOf(command.id())
                                            : "'" + command.key() + "'"));
        }
        Incident closed = known.get().closed(command.by(), turn.now());
        return new Decision.Accepted<>(
                List.of(new Event.IncidentClosed(closed, turn.now())), closed);
    }
}
