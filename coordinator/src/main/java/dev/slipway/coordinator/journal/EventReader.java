package dev.slipway.coordinator.journal;

import dev.slipway.coordinator.model.AttemptReason;
import dev.slipway.coordinator.model.Conclusion;
import dev.slipway.coordinator.model.Event;
import dev.slipway.coordinator.model.Hold;
import dev.slipway.coordinator.model.RunSpec;
import dev.slipway.journal.v1.Stored;

import java.time.Instant;

/// Events from their stored form.
final class EventReader {
    private EventReader() {}

    static Event read(Stored.Event stored) {
        Instant at = ValueCodecs.time(stored.getAt());
        return switch (stored.getFactCase()) {
            case EPOCH_RAISED ->
                    new Event.EpochRaised(
                            stored.getEpochRaised().getFarmId(),
                            stored.getEpochRaised().getEpoch(),
                            at);
            case AGENT_DRAINED ->
                    new Event.AgentDrained(
                            stored.getAgentDrained().getAgentId(),
                            stored.getAgentDrained().getBy(),
                            at);
            case AGENT_RESUMED ->
                    new Event.AgentResumed(
                            stored.getAgentResumed().getAgentId(),
                            stored.getAgentResumed().getBy(),
                            at);
            case RUN_QUEUED, RUN_SEATED, RUN_CANCEL_REQUESTED, RUN_FINISHED, RUN_REOPENED ->
                    run(stored, at);
            case JOB_ADDED,
                    JOB_PLANNED,
                    JOB_BLOCKED,
                    JOB_SEATED,
                    JOB_QUEUED,
                    CALL_STARTED,
                    JOB_CANCEL_REQUESTED,
                    JOB_RETRIED,
                    JOB_FINISHED ->
                    job(stored, at);
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
                    attempt(stored, at);
            case FACT_NOT_SET ->
                    throw new IllegalArgumentException(
                            "a journal entry holds an event that this program does not know: use"
                                    + " the Slipway version that wrote it, or a newer one");
        };
    }

    private static Event run(Stored.Event stored, Instant at) {
        return switch (stored.getFactCase()) {
            case RUN_QUEUED ->
                    new Event.RunQueued(
                            RunCodecs.head(stored.getRunQueued().getHead()),
                            RunCodecs.spec(stored.getRunQueued().getSpec()),
                            at);
            case RUN_SEATED -> new Event.RunSeated(stored.getRunSeated().getRun(), at);
            case RUN_CANCEL_REQUESTED ->
                    new Event.RunCancelRequested(
                            stored.getRunCancelRequested().getRun(),
                            ValueCodecs.cancel(stored.getRunCancelRequested().getCancel()));
            case RUN_FINISHED -> {
                var finished = stored.getRunFinished();
                yield new Event.RunFinished(
                        finished.getRun(),
                        Conclusion.of(finished.getConclusion()),
                        finished.getMessage(),
                        at);
            }
            default -> {
                var reopened = stored.getRunReopened();
                yield new Event.RunReopened(
                        reopened.getRun(),
                        reopened.getRunAttempt(),
                        reopened.getAgainList(),
                        reopened.getReplannedList(),
                        reopened.getClientToken(),
                        reopened.getBy(),
                        at);
            }
        };
    }

    private static Event job(Stored.Event stored, Instant at) {
        return switch (stored.getFactCase()) {
            case JOB_ADDED -> {
                var added = stored.getJobAdded();
                yield new Event.JobAdded(
                        ValueCodecs.job(added.getJob()),
                        RunCodecs.node(added.getNode()),
                        added.getName(),
                        at);
            }
            case JOB_PLANNED -> {
                var planned = stored.getJobPlanned();
                yield new Event.JobPlanned(
                        ValueCodecs.job(planned.getJob()),
                        RunCodecs.node(planned.getNode()),
                        RunCodecs.plan(planned.getPlan()),
                        at);
            }
            case JOB_BLOCKED ->
                    new Event.JobBlocked(
                            ValueCodecs.job(stored.getJobBlocked().getJob()),
                            Hold.of(stored.getJobBlocked().getHold()),
                            at);
            case JOB_SEATED ->
                    new Event.JobSeated(ValueCodecs.job(stored.getJobSeated().getJob()), at);
            case JOB_QUEUED ->
                    new Event.JobQueued(ValueCodecs.job(stored.getJobQueued().getJob()), at);
            case CALL_STARTED ->
                    new Event.CallStarted(ValueCodecs.job(stored.getCallStarted().getJob()), at);
            case JOB_CANCEL_REQUESTED ->
                    new Event.JobCancelRequested(
                            ValueCodecs.job(stored.getJobCancelRequested().getJob()),
                            ValueCodecs.cancel(stored.getJobCancelRequested().getCancel()));
            case JOB_RETRIED ->
                    new Event.JobRetried(
                            ValueCodecs.job(stored.getJobRetried().getJob()),
                            stored.getJobRetried().getAvoidList(),
                            at);
            default -> {
                var finished = stored.getJobFinished();
                yield new Event.JobFinished(
                        ValueCodecs.job(finished.getJob()),
                        Conclusion.of(finished.getConclusion()),
                        finished.getMessage(),
                        RunSpec.sorted(finished.getOutputsMap()),
                        finished.getEnvironmentUrl(),
                        at);
            }
        };
    }

    private static Event attempt(Stored.Event stored, Instant at) {
        return switch (stored.getFactCase()) {
            case JOB_LEASED -> {
                var leased = stored.getJobLeased();
                yield new Event.JobLeased(
                        ValueCodecs.attempt(leased.getAttempt()),
                        AttemptReason.of(leased.getReason()),
                        AttemptCodecs.lease(leased.getLease()));
            }
            case ATTEMPT_STARTED ->
                    new Event.AttemptStarted(
                            ValueCodecs.attempt(stored.getAttemptStarted().getAttempt()),
                            ValueCodecs.time(stored.getAttemptStarted().getStartedAt()),
                            at);
            case STEP_STARTED ->
                    new Event.StepStarted(
                            ValueCodecs.attempt(stored.getStepStarted().getAttempt()),
                            AttemptCodecs.step(stored.getStepStarted().getStep()),
                            at);
            case STEP_FINISHED ->
                    new Event.StepFinished(
                            ValueCodecs.attempt(stored.getStepFinished().getAttempt()),
                            AttemptCodecs.step(stored.getStepFinished().getStep()),
                            at);
            case ANNOTATION_ADDED ->
                    new Event.AnnotationAdded(
                            ValueCodecs.attempt(stored.getAnnotationAdded().getAttempt()),
                            AttemptCodecs.annotation(stored.getAnnotationAdded().getAnnotation()),
                            at);
            case SUMMARY_ADDED ->
                    new Event.SummaryAdded(
                            ValueCodecs.attempt(stored.getSummaryAdded().getAttempt()),
                            stored.getSummaryAdded().getStep(),
                            stored.getSummaryAdded().getMarkdown(),
                            at);
            case TESTS_REPORTED ->
                    new Event.TestsReported(
                            ValueCodecs.attempt(stored.getTestsReported().getAttempt()),
                            AttemptCodecs.tests(stored.getTestsReported().getTests()),
                            at);
            case CANCEL_ACKNOWLEDGED ->
                    new Event.CancelAcknowledged(
                            ValueCodecs.attempt(stored.getCancelAcknowledged().getAttempt()),
                            ValueCodecs.time(stored.getCancelAcknowledged().getAcknowledgedAt()),
                            at);
            case LEASE_LOST ->
                    new Event.LeaseLost(
                            ValueCodecs.attempt(stored.getLeaseLost().getAttempt()),
                            stored.getLeaseLost().getAvoidList(),
                            at);
            default ->
                    new Event.AttemptFinished(
                            ValueCodecs.attempt(stored.getAttemptFinished().getAttempt()),
                            AttemptCodecs.end(stored.getAttemptFinished().getEnd()),
                            at);
        };
    }
}
