package dev.slipway.coordinator.journal;

import dev.slipway.coordinator.model.CancelRequest;
import dev.slipway.coordinator.model.Conclusion;
import dev.slipway.coordinator.model.Event;
import dev.slipway.coordinator.model.Hold;
import dev.slipway.coordinator.storage.AttemptCodec;
import dev.slipway.coordinator.storage.FindingsCodec;
import dev.slipway.coordinator.storage.JobCodec;
import dev.slipway.coordinator.storage.Millis;
import dev.slipway.coordinator.storage.RunCodec;
import dev.slipway.coordinator.storage.SpecCodec;
import dev.slipway.id.AttemptId;
import dev.slipway.id.JobId;

import java.time.Instant;
import java.util.TreeMap;

/// Events from `slipway.journal.v1.Event`.
final class EventReader {
    private final dev.slipway.journal.v1.Event from;
    private final Instant at;

    private EventReader(dev.slipway.journal.v1.Event from) {
        this.from = from;
        this.at = Millis.at(from.getAtMs());
    }

    /// @throws IllegalArgumentException for an event that this program does not know
    static Event read(dev.slipway.journal.v1.Event from) {
        return new EventReader(from).read();
    }

    private Event read() {
        return switch (from.getKindCase()) {
            case EPOCH_RAISED, AGENT_DRAINED, AGENT_RESUMED -> readFarm();
            case ARTIFACT_RECORDED -> FileEvents.read(from.getArtifactRecorded(), at);
            case ARTIFACTS_REMOVED -> FileEvents.read(from.getArtifactsRemoved(), at);
            case CACHE_RECORDED -> FileEvents.read(from.getCacheRecorded(), at);
            case CACHES_REMOVED -> FileEvents.read(from.getCachesRemoved(), at);
            case RUNS_REMOVED -> new Event.RunsRemoved(from.getRunsRemoved().getRunsList(), at);
            case DEPLOYMENT_BEGUN -> DeploymentEvents.read(from.getDeploymentBegun(), at);
            case DEPLOYMENT_CHANGED -> DeploymentEvents.read(from.getDeploymentChanged(), at);
            case ENVIRONMENT_CONFIGURED ->
                    DeploymentEvents.read(from.getEnvironmentConfigured(), at);
            case INCIDENT_OPENED -> DeploymentEvents.read(from.getIncidentOpened(), at);
            case INCIDENT_CLOSED -> DeploymentEvents.read(from.getIncidentClosed(), at);
            case NOTIFICATION_RULE_SET,
                    NOTIFICATION_RULE_REMOVED,
                    NOTIFICATION_QUEUED,
                    NOTIFICATION_DROPPED,
                    NOTIFICATION_DELIVERED,
                    NOTIFICATION_FAILED,
                    NOTIFICATIONS_REPLAYED,
                    NOTIFICATIONS_DISCARDED,
                    LINE_BROKEN,
                    LINE_MENDED ->
                    NotificationEvents.read(from, at);
            case RUN_QUEUED, RUN_SEATED, RUN_CANCEL_REQUESTED, RUN_FINISHED, RUN_REOPENED ->
                    readRun();
            case JOB_ADDED,
                    JOB_PLANNED,
                    JOB_BLOCKED,
                    JOB_APPROVED,
                    JOB_SEATED,
                    JOB_QUEUED,
                    CALL_STARTED,
                    JOB_CANCEL_REQUESTED,
                    JOB_RETRIED,
                    JOB_RECOVERING,
                    JOB_FINISHED ->
                    readJob();
            case JOB_LEASED,
                    ATTEMPT_STARTED,
                    STEP_STARTED,
                    STEP_FINISHED,
                    ANNOTATION_ADDED,
                    SUMMARY_ADDED,
                    TESTS_REPORTED,
                    CANCEL_ACKNOWLEDGED,
                    LEASE_LOST,
                    ATTEMPT_FINISHED ->
                    readAttempt();
            case KIND_NOT_SET -> throw unknown();
        };
    }

    private Event readFarm() {
        return switch (from.getKindCase()) {
            case EPOCH_RAISED ->
                    new Event.EpochRaised(
                            from.getEpochRaised().getFarmId(),
                            from.getEpochRaised().getEpoch(),
                            at);
            case AGENT_DRAINED ->
                    new Event.AgentDrained(
                            from.getAgentDrained().getAgentId(),
                            from.getAgentDrained().getBy(),
                            at);
            case AGENT_RESUMED ->
                    new Event.AgentResumed(
                            from.getAgentResumed().getAgentId(),
                            from.getAgentResumed().getBy(),
                            at);
            default -> throw unknown();
        };
    }

    private Event readRun() {
        long run = from.getRun();
        return switch (from.getKindCase()) {
            case RUN_QUEUED ->
                    new Event.RunQueued(
                            RunCodec.fromProto(from.getRunQueued().getHead()),
                            SpecCodec.fromProto(from.getRunQueued().getSpec()),
                            at);
            case RUN_SEATED -> new Event.RunSeated(run, at);
            case RUN_CANCEL_REQUESTED -> {
                var cancel = from.getRunCancelRequested();
                yield new Event.RunCancelRequested(
                        run,
                        new CancelRequest(
                                cancel.getReason(), cancel.getBy(), at, cancel.getForce()));
            }
            case RUN_FINISHED ->
                    new Event.RunFinished(
                            run,
                            conclusion(from.getRunFinished().getConclusion()),
                            from.getRunFinished().getMessage(),
                            at);
            case RUN_REOPENED -> {
                var reopened = from.getRunReopened();
                yield new Event.RunReopened(
                        run,
                        reopened.getRunAttempt(),
                        reopened.getAgainList(),
                        reopened.getReplannedList(),
                        reopened.getClientToken(),
                        reopened.getBy(),
                        at);
            }
            default -> throw unknown();
        };
    }

    private Event readJob() {
        var job = new JobId(from.getRun(), from.getJob());
        return switch (from.getKindCase()) {
            case JOB_ADDED ->
                    new Event.JobAdded(
                            job,
                            JobCodec.fromProto(from.getJobAdded().getNode()),
                            from.getJobAdded().getName(),
                            at);
            case JOB_PLANNED ->
                    new Event.JobPlanned(
                            job,
                            JobCodec.fromProto(from.getJobPlanned().getNode()),
                            JobCodec.fromProto(from.getJobPlanned().getPlan()),
                            at);
            case JOB_BLOCKED ->
                    new Event.JobBlocked(
                            job, Hold.of(from.getJobBlocked().getBy().getNumber()), at);
            case JOB_APPROVED ->
                    new Event.JobApproved(
                            job,
                            from.getJobApproved().getBy(),
                            from.getJobApproved().getComment(),
                            at);
            case JOB_SEATED -> new Event.JobSeated(job, at);
            case JOB_QUEUED -> new Event.JobQueued(job, at);
            case CALL_STARTED -> new Event.CallStarted(job, at);
            case JOB_CANCEL_REQUESTED -> {
                var cancel = from.getJobCancelRequested();
                yield new Event.JobCancelRequested(
                        job,
                        new CancelRequest(
                                cancel.getReason(), cancel.getBy(), at, cancel.getForce()));
            }
            case JOB_RETRIED -> new Event.JobRetried(job, from.getJobRetried().getAvoidList(), at);
            case JOB_RECOVERING ->
                    new Event.JobRecovering(
                            job, JobCodec.fromProto(from.getJobRecovering().getRecovery()), at);
            case JOB_FINISHED -> {
                var finished = from.getJobFinished();
                yield new Event.JobFinished(
                        job,
                        conclusion(finished.getConclusion()),
                        finished.getMessage(),
                        new TreeMap<>(finished.getOutputsMap()),
                        finished.getEnvironmentUrl(),
                        at);
            }
            default -> throw unknown();
        };
    }

    private Event readAttempt() {
        AttemptId id = new JobId(from.getRun(), from.getJob()).attempt(from.getAttempt());
        return switch (from.getKindCase()) {
            case JOB_LEASED ->
                    new Event.JobLeased(
                            id,
                            JobCodec.fromProto(from.getJobLeased().getReason()),
                            AttemptCodec.fromProto(from.getJobLeased().getLease()));
            case ATTEMPT_STARTED ->
                    new Event.AttemptStarted(
                            id, Millis.at(from.getAttemptStarted().getStartedAtMs()), at);
            case STEP_STARTED ->
                    new Event.StepStarted(
                            id, AttemptCodec.fromProto(from.getStepStarted().getStep()), at);
            case STEP_FINISHED ->
                    new Event.StepFinished(
                            id, AttemptCodec.fromProto(from.getStepFinished().getStep()), at);
            case ANNOTATION_ADDED ->
                    new Event.AnnotationAdded(
                            id,
                            FindingsCodec.fromProto(from.getAnnotationAdded().getAnnotation()),
                            at);
            case SUMMARY_ADDED ->
                    new Event.SummaryAdded(
                            id,
                            from.getSummaryAdded().getStep(),
                            from.getSummaryAdded().getMarkdown(),
                            at);
            case TESTS_REPORTED ->
                    new Event.TestsReported(
                            id, FindingsCodec.fromProto(from.getTestsReported().getTests()), at);
            case CANCEL_ACKNOWLEDGED ->
                    new Event.CancelAcknowledged(
                            id, Millis.at(from.getCancelAcknowledged().getAcknowledgedAtMs()), at);
            case LEASE_LOST -> new Event.LeaseLost(id, from.getLeaseLost().getAvoidList(), at);
            case ATTEMPT_FINISHED ->
                    new Event.AttemptFinished(
                            id, AttemptCodec.fromProto(from.getAttemptFinished().getEnd()), at);
            default -> throw unknown();
        };
    }

    private static Conclusion conclusion(dev.slipway.journal.v1.Conclusion from) {
        return Conclusion.of(from.getNumber());
    }

    private IllegalArgumentException unknown() {
        return new IllegalArgumentException(
                "an event is of a kind that this program does not know; start the newer version"
                        + " that wrote it");
    }
}
