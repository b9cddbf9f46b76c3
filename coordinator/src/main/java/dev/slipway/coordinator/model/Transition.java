package dev.slipway.coordinator.model;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.List;
import java.util.TreeMap;

/// What each event does to a {@link FarmState}.
final class Transition {
    private final FarmState state;
    private final long position;

    Transition(FarmState state, long position) {
        this.state = state;
        this.position = position;
    }

    void apply(Event event) {
        switch (event) {
            case Event.EpochRaised e -> state.raise(e.farmId(), e.epoch());
            case Event.AgentDrained e -> state.drain(e.agentId(), e.by());
            case Event.AgentResumed e -> state.drain(e.agentId(), null);
            case Event.ArtifactRecorded e -> state.record(e.artifact());
            case Event.ArtifactsRemoved e -> e.names().forEach(state::forget);
            case Event.CacheRecorded e -> state.record(e.cache());
            case Event.CachesRemoved e -> e.names().forEach(state::forget);
            case Event.RunsRemoved e -> e.runs().forEach(state::removeRun);
            case Event.DeploymentBegun e -> state.book().begin(e.deployment(), e.commits());
            case Event.DeploymentChanged e -> state.book().put(e.deployment());
            case Event.EnvironmentConfigured e ->
                    state.book().configure(e.name(), e.label(), e.rules());
            case Event.IncidentOpened e -> state.book().put(e.incident());
            case Event.IncidentClosed e -> state.book().put(e.incident());
            case Event.OfNotification e -> state.notices().apply(e);
            case Event.RunQueued e -> queued(e);
            case Event.RunSeated e -> seated(e);
            case Event.RunCancelRequested e -> put(run(e).edit().cancel(e.cancel()));
            case Event.RunFinished e -> finished(e);
            case Event.RunReopened e -> reopened(e);
            case Event.JobAdded e -> added(e);
            case Event.JobPlanned e -> planned(e);
            case Event.JobBlocked e -> blocked(e);
            case Event.JobApproved e -> put(job(e).edit().gate(job(e).gate().approved(e.by())));
            case Event.JobSeated e -> put(job(e).edit().seat(seatHeldBy(job(e))));
            case Event.JobQueued e -> put(job(e).edit().status(Status.QUEUED).queuedAt(e.at()));
            case Event.CallStarted e -> callStarted(e);
            case Event.JobCancelRequested e -> put(job(e).edit().cancel(e.cancel()));
            case Event.JobRetried e -> retried(e);
            case Event.JobRecovering e -> recovering(e);
            case Event.JobFinished e -> finished(e);
            case Event.JobLeased e -> leased(e);
            case Event.AttemptStarted e -> started(e);
            case Event.StepStarted e -> put(attempt(e).withStep(e.step(), position));
            case Event.StepFinished e -> put(attempt(e).withStep(e.step(), position));
            case Event.AnnotationAdded e -> annotated(e);
            case Event.SummaryAdded e -> summarized(e);
            case Event.TestsReported e -> tested(e);
            case Event.CancelAcknowledged e ->
                    put(attempt(e).cancelAcknowledged(e.acknowledgedAt(), position));
            case Event.LeaseLost e -> lost(e);
            case Event.AttemptFinished e -> put(attempt(e).finished(e.end(), position));
        }
    }

    // -- Runs

    private void queued(Event.RunQueued event) {
        boolean waits = event.head().concurrency().isPresent();
        state.addRun(
                new RunState(
                        event.head(),
                        1,
                        waits ? Status.BLOCKED : Status.QUEUED,
                        null,
                        event.at(),
                        null,
                        null,
                        null,
                        "",
                        seatFor(event.head()),
                        0,
                        position),
                event.spec());
    }

    private void seated(Event.RunSeated event) {
        RunState run = run(event);
        put(run.edit().seat(held(run.seat())).status(Status.QUEUED));
    }

    private void finished(Event.RunFinished event) {
        put(
                run(event)
                        .edit()
                        .status(Status.FINISHED)
                        .conclusion(event.conclusion())
                        .message(event.message())
                        .finishedAt(event.at())
                        .seat(null));
    }

    private void reopened(Event.RunReopened event) {
        RunFile file = state.revive(event.run());
        RunState run = file.run();
        boolean waits = run.head().concurrency().isPresent();
        put(
                run.edit()
                        .runAttempt(event.runAttempt())
                        .status(waits ? Status.BLOCKED : Status.QUEUED)
                        .conclusion(null)
                        .startedAt(null)
                        .finishedAt(null)
                        .cancel(null)
                        .message("")
                        .seat(seatFor(run.head())));
        if (!event.clientToken().isEmpty()) {
            state.token(
                    event.clientToken(),
                    new FarmView.TokenUse(event.run(), event.runAttempt(), event.at()));
        }
        event.again().forEach(ordinal -> reset(file, ordinal, event.runAttempt(), false));
        event.replanned().forEach(ordinal -> reset(file, ordinal, event.runAttempt(), true));
        event.again().forEach(ordinal -> reviveCalls(file, ordinal));
        event.replanned().forEach(ordinal -> reviveCalls(file, ordinal));
    }

    private void reset(RunFile file, int ordinal, int runAttempt, boolean replan) {
        JobState job = state.needJob(new dev.slipway.id.JobId(file.run().number(), ordinal));
        JobEdit edit = job.edit();
        if (replan) {
            edit.unplanned();
        }
        put(
                edit.status(Status.WAITING)
                        .conclusion(null)
                        .queuedAt(null)
                        .startedAt(null)
                        .finishedAt(null)
                        .outputs(new TreeMap<>())
                        .environmentUrl("")
                        .message("")
                        .cancel(null)
                        .seat(null)
                        .retries(0)
                        .reason(AttemptReason.RERUN)
                        .avoid(List.of())
                        .recovery(null)
                        .gate(Gate.NONE)
                        .runAttempt(runAttempt));
    }

    /// Calls around a job that runs again have not ended any more: they start again as planned.
    private void reviveCalls(RunFile file, int ordinal) {
        JobState job = file.job(ordinal);
        while (job != null && job.node().parent() > 0) {
            job = file.job(job.node().parent());
            if (job == null || !job.finished()) {
                return;
            }
            put(
                    job.edit()
                            .status(Status.WAITING)
                            .seat(null)
                            .conclusion(null)
                            .finishedAt(null)
                            .outputs(new TreeMap<>())
                            .message("")
                            .cancel(null)
                            .runAttempt(file.run().runAttempt()));
        }
    }

    // -- Jobs

    private void added(Event.JobAdded event) {
        put(
                JobState.waiting(
                        event.job(),
                        event.node(),
                        event.name(),
                        event.at(),
                        run(event).runAttempt(),
                        position));
    }

    private void planned(Event.JobPlanned event) {
        JobState known = state.file(event.run()).job(event.job().job());
        JobState job =
                known != null
                        ? known
                        : JobState.waiting(
                                event.job(),
                                event.node(),
                                event.plan().name(),
                                event.at(),
                                run(event).runAttempt(),
                                position);
        put(job.edit().node(event.node()).plan(event.plan()));
    }

    private void blocked(Event.JobBlocked event) {
        JobState job = job(event);
        JobEdit edit = job.edit().blocked(event.by());
        if (event.by() == Hold.CONCURRENCY && job.seat() == null) {
            edit.seat(seatFor(job.plan()));
        }
        if (event.by() == Hold.ENVIRONMENT) {
            edit.gate(job.gate().reached(event.at()));
        }
        put(edit);
    }

    private void callStarted(Event.CallStarted event) {
        put(job(event).edit().status(Status.RUNNING).startedAt(event.at()));
    }

    private void retried(Event.JobRetried event) {
        JobState job = job(event);
        put(
                job.edit()
                        .status(Status.QUEUED)
                        .queuedAt(event.at())
                        .startedAt(null)
                        .retries(job.retries() + 1)
                        .reason(AttemptReason.RETRY)
                        .avoid(event.avoid()));
    }

    /// What it was asked before has come true as far as it could: a cancel from now on is about the
    /// recovery.
    private void recovering(Event.JobRecovering event) {
        put(
                job(event)
                        .edit()
                        .blocked(Hold.RECOVERY)
                        .recovery(event.recovery())
                        .queuedAt(null)
                        .startedAt(null)
                        .cancel(null)
                        .reason(AttemptReason.RECOVERY)
                        .avoid(List.of()));
    }

    private void finished(Event.JobFinished event) {
        put(
                job(event)
                        .edit()
                        .status(Status.FINISHED)
                        .conclusion(event.conclusion())
                        .message(event.message())
                        .outputs(event.outputs())
                        .environmentUrl(event.environmentUrl())
                        .finishedAt(event.at())
                        .seat(null));
    }

    // -- Attempts

    private void leased(Event.JobLeased event) {
        JobState job = job(event);
        put(job.edit().status(Status.LEASED).attempts(event.attempt().number()));
        put(
                AttemptState.leased(
                        event.attempt(),
                        job.runAttempt(),
                        event.reason(),
                        event.lease(),
                        position));
    }

    private void started(Event.AttemptStarted event) {
        put(attempt(event).started(event.startedAt(), position));
        put(job(event).edit().status(Status.RUNNING).startedAt(event.startedAt()));
        RunState run = run(event);
        if (run.status() != Status.RUNNING || run.startedAt() == null) {
            Instant since = run.startedAt() == null ? event.startedAt() : run.startedAt();
            put(run.edit().status(Status.RUNNING).startedAt(since));
        }
    }

    private void lost(Event.LeaseLost event) {
        put(attempt(event).lost(position));
        JobState job = job(event);
        put(
                job.edit()
                        .status(Status.QUEUED)
                        .queuedAt(event.at())
                        .startedAt(null)
                        .retries(job.retries() + 1)
                        .reason(AttemptReason.RETRY)
                        .avoid(event.avoid()));
    }

    private void annotated(Event.AnnotationAdded event) {
        AttemptState attempt = attempt(event);
        Annotation annotation = event.annotation();
        state.annotate(attempt.id(), attempt.findings().annotations().size(), annotation);
        put(attempt.found(attempt.findings().annotated(annotation.id()), position));
    }

    private void summarized(Event.SummaryAdded event) {
        AttemptState attempt = attempt(event);
        state.summarize(attempt.id(), event.step(), event.markdown());
        long fingerprint = Findings.fingerprint(event.markdown());
        put(attempt.found(attempt.findings().summarized(event.step(), fingerprint), position));
    }

    private void tested(Event.TestsReported event) {
        AttemptState attempt = attempt(event);
        state.test(attempt.id(), event.tests());
        put(attempt.found(attempt.findings().tested(event.tests().fingerprint()), position));
    }

    // -- Small words

    private RunState run(Event.OfRun event) {
        return state.file(event.run()).run();
    }

    private JobState job(Event.OfJob event) {
        return state.needJob(event.job());
    }

    private AttemptState attempt(Event.OfAttempt event) {
        return state.needAttempt(event.attempt());
    }

    private void put(RunState.Edit edit) {
        state.putRun(edit.at(position));
    }

    private void put(JobEdit edit) {
        put(edit.at(position));
    }

    private void put(JobState job) {
        state.putJob(job);
    }

    private void put(AttemptState attempt) {
        state.putAttempt(attempt);
    }

    private @Nullable Seat seatFor(RunHead head) {
        return head.concurrency().map(this::waiting).orElse(null);
    }

    private @Nullable Seat seatHeldBy(JobState job) {
        Seat seat = job.seat() != null ? job.seat() : seatFor(job.plan());
        return held(seat);
    }

    private @Nullable Seat seatFor(JobPlan plan) {
        return plan.concurrency().map(this::waiting).orElse(null);
    }

    private Seat waiting(Concurrency concurrency) {
        return new Seat(concurrency, false, state.sequence());
    }

    private static @Nullable Seat held(@Nullable Seat seat) {
        return seat == null ? null : new Seat(seat.concurrency(), true, seat.ticket());
    }
}
