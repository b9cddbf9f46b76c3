package dev.slipway.coordinator.journal;

import dev.slipway.coordinator.model.Event;
import dev.slipway.coordinator.storage.AttemptCodec;
import dev.slipway.coordinator.storage.FindingsCodec;
import dev.slipway.coordinator.storage.JobCodec;
import dev.slipway.coordinator.storage.Millis;
import dev.slipway.coordinator.storage.RunCodec;
import dev.slipway.coordinator.storage.SpecCodec;
import dev.slipway.journal.v1.AgentDrained;
import dev.slipway.journal.v1.AgentResumed;
import dev.slipway.journal.v1.AnnotationAdded;
import dev.slipway.journal.v1.AttemptFinished;
import dev.slipway.journal.v1.AttemptStarted;
import dev.slipway.journal.v1.CallStarted;
import dev.slipway.journal.v1.CancelAcknowledged;
import dev.slipway.journal.v1.EpochRaised;
import dev.slipway.journal.v1.JobAdded;
import dev.slipway.journal.v1.JobApproved;
import dev.slipway.journal.v1.JobBlocked;
import dev.slipway.journal.v1.JobCancelRequested;
import dev.slipway.journal.v1.JobFinished;
import dev.slipway.journal.v1.JobLeased;
import dev.slipway.journal.v1.JobPlanned;
import dev.slipway.journal.v1.JobQueued;
import dev.slipway.journal.v1.JobRecovering;
import dev.slipway.journal.v1.JobRetried;
import dev.slipway.journal.v1.JobSeated;
import dev.slipway.journal.v1.LeaseLost;
import dev.slipway.journal.v1.RunCancelRequested;
import dev.slipway.journal.v1.RunFinished;
import dev.slipway.journal.v1.RunQueued;
import dev.slipway.journal.v1.RunReopened;
import dev.slipway.journal.v1.RunSeated;
import dev.slipway.journal.v1.RunsRemoved;
import dev.slipway.journal.v1.StepFinished;
import dev.slipway.journal.v1.StepStarted;
import dev.slipway.journal.v1.SummaryAdded;
import dev.slipway.journal.v1.TestsReported;

/// Events to `slipway.journal.v1.Event`.
final class EventWriter {
    private EventWriter() {}

    static dev.slipway.journal.v1.Event write(Event event) {
        var to = dev.slipway.journal.v1.Event.newBuilder().setAtMs(Millis.of(event.at()));
        if (event instanceof Event.OfRun ofRun) {
            to.setRun(ofRun.run());
        }
        if (event instanceof Event.OfJob ofJob) {
            to.setJob(ofJob.job().job());
        }
        if (event instanceof Event.OfAttempt ofAttempt) {
            to.setAttempt(ofAttempt.attempt().number());
        }
        switch (event) {
            case Event.OfAttempt ofAttempt -> write(ofAttempt, to);
            case Event.OfJob ofJob -> write(ofJob, to);
            case Event.OfRun ofRun -> write(ofRun, to);
            case Event.EpochRaised e ->
                    to.setEpochRaised(
                            EpochRaised.newBuilder().setFarmId(e.farmId()).setEpoch(e.epoch()));
            case Event.AgentDrained e ->
                    to.setAgentDrained(
                            AgentDrained.newBuilder().setAgentId(e.agentId()).setBy(e.by()));
            case Event.AgentResumed e ->
                    to.setAgentResumed(
                            AgentResumed.newBuilder().setAgentId(e.agentId()).setBy(e.by()));
            case Event.ArtifactRecorded e -> to.setArtifactRecorded(FileEvents.write(e));
            case Event.ArtifactsRemoved e -> to.setArtifactsRemoved(FileEvents.write(e));
            case Event.CacheRecorded e -> to.setCacheRecorded(FileEvents.write(e));
            case Event.CachesRemoved e -> to.setCachesRemoved(FileEvents.write(e));
            case Event.DeploymentBegun e -> to.setDeploymentBegun(DeploymentEvents.write(e));
            case Event.DeploymentChanged e -> to.setDeploymentChanged(DeploymentEvents.write(e));
            case Event.EnvironmentConfigured e ->
                    to.setEnvironmentConfigured(DeploymentEvents.write(e));
            case Event.IncidentOpened e -> to.setIncidentOpened(DeploymentEvents.write(e));
            case Event.IncidentClosed e -> to.setIncidentClosed(DeploymentEvents.write(e));
            case Event.OfNotification e -> NotificationEvents.write(e, to);
            case Event.RunsRemoved e ->
                    to.setRunsRemoved(RunsRemoved.newBuilder().addAllRuns(e.runs()));
        }
        return to.build();
    }

    private static void write(Event.OfRun event, dev.slipway.journal.v1.Event.Builder to) {
        switch (event) {
            case Event.RunQueued e ->
                    to.setRunQueued(
                            RunQueued.newBuilder()
                                    .setHead(RunCodec.toProto(e.head()))
                                    .setSpec(SpecCodec.toProto(e.spec())));
            case Event.RunSeated e -> to.setRunSeated(RunSeated.getDefaultInstance());
            case Event.RunCancelRequested e ->
                    to.setRunCancelRequested(
                            RunCancelRequested.newBuilder()
                                    .setReason(e.cancel().reason())
                                    .setBy(e.cancel().by())
                                    .setForce(e.cancel().force()));
            case Event.RunFinished e ->
                    to.setRunFinished(
                            RunFinished.newBuilder()
                                    .setConclusion(RunCodec.toProto(e.conclusion()))
                                    .setMessage(e.message()));
            case Event.RunReopened e ->
                    to.setRunReopened(
                            RunReopened.newBuilder()
                                    .setRunAttempt(e.runAttempt())
                                    .addAllAgain(e.again())
                                    .addAllReplanned(e.replanned())
                                    .setClientToken(e.clientToken())
                                    .setBy(e.by()));
            case Event.OfJob e -> throw new IllegalStateException("not reached: " + e);
        }
    }

    private static void write(Event.OfJob event, dev.slipway.journal.v1.Event.Builder to) {
        switch (event) {
            case Event.JobAdded e ->
                    to.setJobAdded(
                            JobAdded.newBuilder()
                                    .setNode(JobCodec.toProto(e.node()))
                                    .setName(e.name()));
            case Event.JobPlanned e ->
                    to.setJobPlanned(
                            JobPlanned.newBuilder()
                                    .setNode(JobCodec.toProto(e.node()))
                                    .setPlan(JobCodec.toProto(e.plan())));
            case Event.JobBlocked e ->
                    to.setJobBlocked(JobBlocked.newBuilder().setBy(JobCodec.toProto(e.by())));
            case Event.JobApproved e ->
                    to.setJobApproved(
                            JobApproved.newBuilder().setBy(e.by()).setComment(e.comment()));
            case Event.JobSeated e -> to.setJobSeated(JobSeated.getDefaultInstance());
            case Event.JobQueued e -> to.setJobQueued(JobQueued.getDefaultInstance());
            case Event.CallStarted e -> to.setCallStarted(CallStarted.getDefaultInstance());
            case Event.JobCancelRequested e ->
                    to.setJobCancelRequested(
                            JobCancelRequested.newBuilder()
                                    .setReason(e.cancel().reason())
                                    .setBy(e.cancel().by())
                                    .setForce(e.cancel().force()));
            case Event.JobRetried e ->
                    to.setJobRetried(JobRetried.newBuilder().addAllAvoid(e.avoid()));
            case Event.JobRecovering e ->
                    to.setJobRecovering(
                            JobRecovering.newBuilder().setRecovery(JobCodec.toProto(e.recovery())));
            case Event.JobFinished e ->
                    to.setJobFinished(
                            JobFinished.newBuilder()
                                    .setConclusion(RunCodec.toProto(e.conclusion()))
                                    .setMessage(e.message())
                                    .putAllOutputs(e.outputs())
                                    .setEnvironmentUrl(e.environmentUrl()));
            case Event.OfAttempt e -> throw new IllegalStateException("not reached: " + e);
        }
    }

    private static void write(Event.OfAttempt event, dev.slipway.journal.v1.Event.Builder to) {
        switch (event) {
            case Event.JobLeased e ->
                    to.setJobLeased(
                            JobLeased.newBuilder()
                                    .setReason(JobCodec.toProto(e.reason()))
                                    .setLease(AttemptCodec.toProto(e.lease())));
            case Event.AttemptStarted e ->
                    to.setAttemptStarted(
                            AttemptStarted.newBuilder().setStartedAtMs(Millis.of(e.startedAt())));
            case Event.StepStarted e ->
                    to.setStepStarted(
                            StepStarted.newBuilder().setStep(AttemptCodec.toProto(e.step())));
            case Event.StepFinished e ->
                    to.setStepFinished(
                            StepFinished.newBuilder().setStep(AttemptCodec.toProto(e.step())));
            case Event.AnnotationAdded e ->
                    to.setAnnotationAdded(
                            AnnotationAdded.newBuilder()
                                    .setAnnotation(FindingsCodec.toProto(e.annotation())));
            case Event.SummaryAdded e ->
                    to.setSummaryAdded(
                            SummaryAdded.newBuilder().setStep(e.step()).setMarkdown(e.markdown()));
            case Event.TestsReported e ->
                    to.setTestsReported(
                            TestsReported.newBuilder().setTests(FindingsCodec.toProto(e.tests())));
            case Event.CancelAcknowledged e ->
                    to.setCancelAcknowledged(
                            CancelAcknowledged.newBuilder()
                                    .setAcknowledgedAtMs(Millis.of(e.acknowledgedAt())));
            case Event.LeaseLost e ->
                    to.setLeaseLost(LeaseLost.newBuilder().addAllAvoid(e.avoid()));
            case Event.AttemptFinished e ->
                    to.setAttemptFinished(
                            AttemptFinished.newBuilder().setEnd(AttemptCodec.toProto(e.end())));
        }
    }
}
