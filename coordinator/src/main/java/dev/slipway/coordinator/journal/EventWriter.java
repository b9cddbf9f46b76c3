package dev.slipway.coordinator.journal;

import dev.slipway.coordinator.model.Event;
import dev.slipway.journal.v1.Stored;

/// Events to their stored form.
final class EventWriter {
    private EventWriter() {}

    static Stored.Event write(Event event) {
        var stored = Stored.Event.newBuilder().setAt(ValueCodecs.time(event.at()));
        switch (event) {
            case Event.OfAttempt ofAttempt -> attempt(stored, ofAttempt);
            case Event.OfJob ofJob -> job(stored, ofJob);
            case Event.OfRun ofRun -> run(stored, ofRun);
            case Event.EpochRaised raised ->
                    stored.setEpochRaised(
                            Stored.EpochRaised.newBuilder()
                                    .setFarmId(raised.farmId())
                                    .setEpoch(raised.epoch()));
            case Event.AgentDrained drained ->
                    stored.setAgentDrained(
                            Stored.AgentDrained.newBuilder()
                                    .setAgentId(drained.agentId())
                                    .setBy(drained.by()));
            case Event.AgentResumed resumed ->
                    stored.setAgentResumed(
                            Stored.AgentResumed.newBuilder()
                                    .setAgentId(resumed.agentId())
                                    .setBy(resumed.by()));
        }
        return stored.build();
    }

    private static void run(Stored.Event.Builder stored, Event.OfRun event) {
        switch (event) {
            case Event.RunQueued queued ->
                    stored.setRunQueued(
                            Stored.RunQueued.newBuilder()
                                    .setHead(RunCodecs.head(queued.head()))
                                    .setSpec(RunCodecs.spec(queued.spec())));
            case Event.RunSeated seated ->
                    stored.setRunSeated(Stored.RunSeated.newBuilder().setRun(seated.run()));
            case Event.RunCancelRequested requested ->
                    stored.setRunCancelRequested(
                            Stored.RunCancelRequested.newBuilder()
                                    .setRun(requested.run())
                                    .setCancel(ValueCodecs.cancel(requested.cancel())));
            case Event.RunFinished finished ->
                    stored.setRunFinished(
                            Stored.RunFinished.newBuilder()
                                    .setRun(finished.run())
                                    .setConclusion(finished.conclusion().number())
                                    .setMessage(finished.message()));
            case Event.RunReopened reopened ->
                    stored.setRunReopened(
                            Stored.RunReopened.newBuilder()
                                    .setRun(reopened.run())
                                    .setRunAttempt(reopened.runAttempt())
                                    .addAllAgain(reopened.again())
                                    .addAllReplanned(reopened.replanned())
                                    .setClientToken(reopened.clientToken())
                                    .setBy(reopened.by()));
            case Event.OfJob ofJob -> job(stored, ofJob);
        }
    }

    private static void job(Stored.Event.Builder stored, Event.OfJob event) {
        Stored.JobRef job = ValueCodecs.job(event.job());
        switch (event) {
            case Event.JobAdded added ->
                    stored.setJobAdded(
                            Stored.JobAdded.newBuilder()
                                    .setJob(job)
                                    .setNode(RunCodecs.node(added.node()))
                                    .setName(added.name()));
            case Event.JobPlanned planned ->
                    stored.setJobPlanned(
                            Stored.JobPlanned.newBuilder()
                                    .setJob(job)
                                    .setNode(RunCodecs.node(planned.node()))
                                    .setPlan(RunCodecs.plan(planned.plan())));
            case Event.JobBlocked blocked ->
                    stored.setJobBlocked(
                            Stored.JobBlocked.newBuilder()
                                    .setJob(job)
                                    .setHold(blocked.by().number()));
            case Event.JobSeated _ ->
                    stored.setJobSeated(Stored.JobSeated.newBuilder().setJob(job));
            case Event.JobQueued _ ->
                    stored.setJobQueued(Stored.JobQueued.newBuilder().setJob(job));
            case Event.CallStarted _ ->
                    stored.setCallStarted(Stored.CallStarted.newBuilder().setJob(job));
            case Event.JobCancelRequested requested ->
                    stored.setJobCancelRequested(
                            Stored.JobCancelRequested.newBuilder()
                                    .setJob(job)
                                    .setCancel(ValueCodecs.cancel(requested.cancel())));
            case Event.JobRetried retried ->
                    stored.setJobRetried(
                            Stored.JobRetried.newBuilder()
                                    .setJob(job)
                                    .addAllAvoid(retried.avoid()));
            case Event.JobFinished finished ->
                    stored.setJobFinished(
                            Stored.JobFinished.newBuilder()
                                    .setJob(job)
                                    .setConclusion(finished.conclusion().number())
                                    .setMessage(finished.message())
                                    .putAllOutputs(finished.outputs())
                                    .setEnvironmentUrl(finished.environmentUrl()));
            case Event.OfAttempt ofAttempt -> attempt(stored, ofAttempt);
        }
    }

    private static void attempt(Stored.Event.Builder stored, Event.OfAttempt event) {
        Stored.AttemptRef attempt = ValueCodecs.attempt(event.attempt());
        switch (event) {
            case Event.JobLeased leased ->
                    stored.setJobLeased(
                            Stored.JobLeased.newBuilder()
                                    .setAttempt(attempt)
                                    .setReason(leased.reason().number())
                                    .setLease(AttemptCodecs.lease(leased.lease())));
            case Event.AttemptStarted started ->
                    stored.setAttemptStarted(
                            Stored.AttemptStarted.newBuilder()
                                    .setAttempt(attempt)
                                    .setStartedAt(ValueCodecs.time(started.startedAt())));
            case Event.StepStarted started ->
                    stored.setStepStarted(
                            Stored.StepStarted.newBuilder()
                                    .setAttempt(attempt)
                                    .setStep(AttemptCodecs.step(started.step())));
            case Event.StepFinished finished ->
                    stored.setStepFinished(
                            Stored.StepFinished.newBuilder()
                                    .setAttempt(attempt)
                                    .setStep(AttemptCodecs.step(finished.step())));
            case Event.AnnotationAdded added ->
                    stored.setAnnotationAdded(
                            Stored.AnnotationAdded.newBuilder()
                                    .setAttempt(attempt)
                                    .setAnnotation(AttemptCodecs.annotation(added.annotation())));
            case Event.SummaryAdded added ->
                    stored.setSummaryAdded(
                            Stored.SummaryAdded.newBuilder()
                                    .setAttempt(attempt)
                                    .setStep(added.step())
                                    .setMarkdown(added.markdown()));
            case Event.TestsReported reported ->
                    stored.setTestsReported(
                            Stored.TestsReported.newBuilder()
                                    .setAttempt(attempt)
                                    .setTests(AttemptCodecs.tests(reported.tests())));
            case Event.CancelAcknowledged acknowledged ->
                    stored.setCancelAcknowledged(
                            Stored.CancelAcknowledged.newBuilder()
                                    .setAttempt(attempt)
                                    .setAcknowledgedAt(
                                            ValueCodecs.time(acknowledged.acknowledgedAt())));
            case Event.LeaseLost lost ->
                    stored.setLeaseLost(
                            Stored.LeaseLost.newBuilder()
                                    .setAttempt(attempt)
                                    .addAllAvoid(lost.avoid()));
            case Event.AttemptFinished finished ->
                    stored.setAttemptFinished(
                            Stored.AttemptFinished.newBuilder()
                                    .setAttempt(attempt)
                                    .setEnd(AttemptCodecs.end(finished.end())));
        }
    }
}
