package dev.slipway.coordinator.engine;

import dev.slipway.coordinator.model.CancelRequest;
import dev.slipway.coordinator.model.Command;
import dev.slipway.coordinator.model.Event;
import dev.slipway.coordinator.model.FarmView;
import dev.slipway.coordinator.model.JobState;
import dev.slipway.coordinator.model.RunRecords;
import dev.slipway.coordinator.model.RunState;
import dev.slipway.error.ErrorCode;

import java.util.List;
import java.util.Optional;

/// Decides on commands: reads the state, refuses, or says what happens. Changes nothing.
final class Decider {
    private final Submission submission;
    private final Cancellation cancellation;
    private final Reruns reruns;
    private final Reports reports;
    private final Agents agents;
    private final LeaseClock leases;

    Decider(EngineSettings settings, RunPlans plans, Agents agents, LeaseClock leases) {
        this.submission = new Submission(plans);
        this.cancellation = new Cancellation(plans);
        this.reruns = new Reruns();
        this.reports = new Reports(settings);
        this.agents = agents;
        this.leases = leases;
    }

    /// The type of the answer is that of the command, for each case below.
    @SuppressWarnings("unchecked")
    <A> Decision<A> decide(FarmView view, Command<A> command, Turn turn) {
        return (Decision<A>)
                switch (command) {
                    case Command.SubmitRun c -> submission.decide(view, c.spec(), turn);
                    case Command.CancelRun c -> cancel(view, c, turn);
                    case Command.RerunRun c -> reruns.decide(view, c, turn);
                    case Command.DrainAgent c -> drain(view, c, turn);
                    case Command.ResumeAgent c -> resume(view, c, turn);
                    case Command.RecordArtifact c -> Records.record(view, c, turn);
                    case Command.RemoveExpired c -> Records.removeExpired(view, c, turn);
                    case Command.RecordCache c -> Records.record(view, c, turn);
                    case Command.RemoveCaches c -> Records.removeCaches(view, c, turn);
                    case Command.RemoveRuns c -> Records.removeRuns(view, c, turn);
                    case Command.ConfigureEnvironment c -> Environments.configure(view, c, turn);
                    case Command.ReviewJobs c -> Environments.review(view, c, turn);
                    case Command.OpenIncident c -> Environments.open(view, c, turn);
                    case Command.CloseIncident c -> Environments.close(view, c, turn);
                    case Command.SetNotificationRule c -> Notifying.set(view, c, turn);
                    case Command.RemoveNotificationRule c -> Notifying.remove(view, c, turn);
                    case Command.SettleNotifications c -> Notifying.settle(view, c, turn);
                    case Command.NotificationTried c -> Notifying.tried(view, c, turn);
                    case Command.BeginDeployment c -> Deploying.begin(view, c, turn);
                    case Command.ReportDeployment c -> Deploying.report(view, c, turn);
                    case Command.AgentConnected c -> connect(c);
                    case Command.AgentChanged c -> done(List.of());
                    case Command.AgentGone c -> done(List.of());
                    case Command.ReportAttempt c -> reports.decide(view, c, turn);
                    case Command.LoseAttempt c -> reports.decide(view, c, turn);
                    case Command.ExpireLeases c ->
                            reports.expire(view, c.agentId(), leases.lastHeard(c.agentId()), turn);
                    case Command.EndQuarantine c -> done(List.of());
                    case Command.EndWait c -> done(List.of());
                    case Command.EndOverrun c -> reports.overrun(view, c.attempt(), turn);
                };
    }

    Cancellation cancellation() {
        return cancellation;
    }

    private Decision<Command.CancelAccepted> cancel(
            FarmView view, Command.CancelRun command, Turn turn) {
        Optional<RunState> run = view.run(command.run());
        if (run.isEmpty()) {
            return cancelFinished(view.records(command.run()), command);
        }
        var cancel = new CancelRequest(command.reason(), command.by(), turn.now(), command.force());
        if (!command.job().isEmpty()) {
            return cancelJob(view, command, cancel);
        }
        if (!cancel.exceeds(run.get().cancel())) {
            return new Decision.Accepted<>(List.of(), new Command.CancelAccepted(false));
        }
        return new Decision.Accepted<>(
                cancellation.run(view, run.get(), cancel), new Command.CancelAccepted(true));
    }

    /// Whoever asks again because an answer was lost is not told that it came too late.
    private Decision<Command.CancelAccepted> cancelFinished(
            Optional<RunRecords> finished, Command.CancelRun command) {
        if (finished.isEmpty()) {
            return noRun(command.run());
        }
        if (command.job().isEmpty() && finished.get().run().cancelRequested()) {
            return new Decision.Accepted<>(List.of(), new Command.CancelAccepted(false));
        }
        return Decision.refused(
                ErrorCode.RUN_ALREADY_FINISHED,
                "Run %d has already finished.".formatted(command.run()));
    }

    private static Decision<Command.CancelAccepted> cancelJob(
            FarmView view, Command.CancelRun command, CancelRequest cancel) {
        List<JobState> named =
                view.jobs(command.run()).stream()
                        .filter(job -> isNamed(job, command.job()))
                        .toList();
        if (named.isEmpty()) {
            return Decision.refused(
                    ErrorCode.JOB_NOT_FOUND,
                    "Run %d has no job '%s'; it has: %s"
                            .formatted(
                                    command.run(),
                                    command.job(),
                                    String.join(
                                            ", ",
                                            view.jobs(command.run()).stream()
                                                    .filter(JobState::shown)
                                                    .map(job -> job.node().key())
                                                    .toList())));
        }
        List<Event> events =
                named.stream()
                        .filter(job -> !job.finished() && cancel.exceeds(job.cancel()))
                        .<Event>map(job -> new Event.JobCancelRequested(job.id(), cancel))
                        .toList();
        return new Decision.Accepted<>(events, new Command.CancelAccepted(!events.isEmpty()));
    }

    /// Whether people mean this job: by its key, its name, or the key of its whole node.
    static boolean isNamed(JobState job, String name) {
        return job.node().key().equals(name)
                || job.plan().name().equals(name)
                || job.node().node().equals(name);
    }

    private Decision<Command.Done> drain(FarmView view, Command.DrainAgent command, Turn turn) {
        Optional<String> id = agents.find(command.agent(), view);
        if (id.isEmpty()) {
            return noAgent(command.agent());
        }
        return done(
                view.drains().containsKey(id.get())
                        ? List.of()
                        : List.of(new Event.AgentDrained(id.get(), command.by(), turn.now())));
    }

    private Decision<Command.Done> resume(FarmView view, Command.ResumeAgent command, Turn turn) {
        Optional<String> id = agents.find(command.agent(), view);
        if (id.isEmpty()) {
            return noAgent(command.agent());
        }
        return done(
                view.drains().containsKey(id.get())
                        ? List.of(new Event.AgentResumed(id.get(), command.by(), turn.now()))
                        : List.of());
    }

    private Decision<Command.Done> connect(Command.AgentConnected command) {
        if (agents.wasReplaced(command.agent())) {
            return Decision.refused(
                    ErrorCode.AGENT_NAME_TAKEN,
                    ("Two processes are agent '%s' (id %s): its work directory was copied. Stop one"
                         + " of them and start it with an empty --work and another --name.")
                            .formatted(command.agent().name(), command.agent().id()));
        }
        return agents.rival(command.agent())
                .<Decision<Command.Done>>map(
                        other ->
                                Decision.refused(
                                        ErrorCode.AGENT_NAME_TAKEN,
                                        ("Another agent named '%s' is connected (id %s). Give this"
                                                        + " one another --name, or stop the other.")
                                                .formatted(other.name(), other.id())))
                .orElseGet(() -> done(List.of()));
    }

    static <A> Decision<A> noRun(long run) {
        return Decision.refused(
                ErrorCode.RUN_NOT_FOUND,
                "There is no run %d; `slipway runs` lists them.".formatted(run));
    }

    private static Decision<Command.Done> noAgent(String agent) {
        return Decision.refused(
                ErrorCode.AGENT_NOT_FOUND,
                "There is no agent '%s'; `slipway agents` lists them.".formatted(agent));
    }

    private static Decision<Command.Done> done(List<Event> events) {
        return new Decision.Accepted<>(events, new Command.Done());
    }
}
