package dev.slipway.coordinator.api;

import com.google.protobuf.Timestamp;

import dev.slipway.api.v1.Agent;
import dev.slipway.api.v1.Annotation;
import dev.slipway.api.v1.Artifact;
import dev.slipway.api.v1.Attempt;
import dev.slipway.api.v1.Cause;
import dev.slipway.api.v1.Conclusion;
import dev.slipway.api.v1.Explanation;
import dev.slipway.api.v1.Job;
import dev.slipway.api.v1.Run;
import dev.slipway.api.v1.Status;
import dev.slipway.api.v1.Step;
import dev.slipway.api.v1.Summary;
import dev.slipway.api.v1.TestFailure;
import dev.slipway.api.v1.TestReport;
import dev.slipway.api.v1.TestTime;
import dev.slipway.coordinator.engine.AgentView;
import dev.slipway.coordinator.model.AttemptState;
import dev.slipway.coordinator.model.JobState;
import dev.slipway.coordinator.model.RunState;
import dev.slipway.coordinator.model.StepState;
import dev.slipway.coordinator.storage.AttemptFindings;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;

/// The farm's records as the public API shows them.
final class Messages {
    private Messages() {}

    /// @param blockedBy runs that hold the workflow's concurrency group
    static Run run(RunState run, List<Long> blockedBy) {
        var head = run.head();
        var message =
                Run.newBuilder()
                        .setNumber(head.number())
                        .setProject(head.project())
                        .setWorkflowName(head.workflowName())
                        .setWorkflowPath(head.workflowPath())
                        .setTitle(head.title())
                        .setEventName(head.eventName())
                        .setRef(head.ref())
                        .setSha(head.sha())
                        .setActor(head.actor())
                        .setRunAttempt(run.runAttempt())
                        .setStatus(status(run.status()))
                        .setConclusion(conclusion(run.conclusion()))
                        .setQueuedAt(time(run.queuedAt()))
                        .setPriority(head.priority())
                        .setCancelRequested(run.cancelRequested())
                        .setMessage(run.message())
                        .addAllBlockedBy(blockedBy)
                        .setChangedAt(run.changedAt());
        if (run.startedAt() != null) {
            message.setStartedAt(time(run.startedAt()));
        }
        if (run.finishedAt() != null) {
            message.setFinishedAt(time(run.finishedAt()));
        }
        return message.build();
    }

    /// @param attempts in order
    static Job job(JobState job, List<Attempt> attempts, long changedAt) {
        var plan = job.plan();
        var message =
                Job.newBuilder()
                        .setRun(job.id().run())
                        .setOrdinal(job.id().job())
                        .setKey(job.node().key())
                        .setName(plan.name())
                        .addAllNeeds(job.node().needs())
                        .addAllRunsOn(plan.runsOn())
                        .setStatus(status(job.status()))
                        .setConclusion(conclusion(job.conclusion()))
                        .setEnvironment(plan.environment())
                        .setEnvironmentUrl(job.environmentUrl())
                        .putAllOutputs(job.outputs())
                        .setMessage(job.message())
                        .setMatrixJson(plan.matrixJson())
                        .addAllAttempts(attempts)
                        .setChangedAt(changedAt);
        if (job.queuedAt() != null) {
            message.setQueuedAt(time(job.queuedAt()));
        }
        if (job.startedAt() != null) {
            message.setStartedAt(time(job.startedAt()));
        }
        if (job.finishedAt() != null) {
            message.setFinishedAt(time(job.finishedAt()));
        }
        return message.build();
    }

    /// @param steps with how much they have printed
    static Attempt attempt(AttemptState attempt, List<Step> steps, AttemptFindings findings) {
        var message =
                Attempt.newBuilder()
                        .setNumber(attempt.id().number())
                        .setStatus(status(attempt.status()))
                        .setConclusion(conclusion(attempt.conclusion()))
                        .setCause(cause(attempt.cause()))
                        .setCauseDetail(attempt.causeDetail())
                        .setAgentName(attempt.lease().agentName())
                        .setLeasedAt(time(attempt.lease().at()))
                        .addAllSteps(steps)
                        .setLogIncomplete(!attempt.logIncomplete().isEmpty())
                        .setRunAttempt(attempt.runAttempt());
        if (attempt.startedAt() != null) {
            message.setStartedAt(time(attempt.startedAt()));
        }
        if (attempt.finishedAt() != null) {
            message.setFinishedAt(time(attempt.finishedAt()));
        }
        if (attempt.cancelAcknowledgedAt() != null) {
            message.setCancelAcknowledgedAt(time(attempt.cancelAcknowledgedAt()));
        }
        findings.annotations().forEach(found -> message.addAnnotations(annotation(found)));
        findings.summaries()
                .forEach(
                        (step, markdown) ->
                                message.addSummaries(
                                        Summary.newBuilder().setStep(step).setMarkdown(markdown)));
        findings.tests().ifPresent(tests -> message.setTests(tests(tests)));
        return message.build();
    }

    /// @param logBytes raw output so far
    static Step step(StepState step, long logBytes) {
        var message =
                Step.newBuilder()
                        .setNumber(step.number())
                        .setName(step.name())
                        .setId(step.id())
                        .setStatus(status(step.status()))
                        .setConclusion(conclusion(step.conclusion()))
                        .setOutcome(conclusion(step.outcome()))
                        .setStartedAt(time(step.startedAt()))
                        .setLogBytes(logBytes);
        if (step.finishedAt() != null) {
            message.setFinishedAt(time(step.finishedAt()));
        }
        return message.build();
    }

    private static Annotation annotation(dev.slipway.coordinator.model.Annotation found) {
        return Annotation.newBuilder()
                .setLevelValue(found.level().number())
                .setMessage(found.message())
                .setTitle(found.title())
                .setFile(found.file())
                .setLine(found.line())
                .setEndLine(found.endLine())
                .setColumn(found.column())
                .setEndColumn(found.endColumn())
                .setStep(found.step())
                .build();
    }

    private static TestReport tests(dev.slipway.coordinator.model.TestReport tests) {
        var message =
                TestReport.newBuilder()
                        .setTotal(tests.total())
                        .setFailed(tests.failed())
                        .setErrored(tests.errored())
                        .setSkipped(tests.skipped())
                        .setDuration(duration(tests.duration()));
        for (var failure : tests.failures()) {
            message.addFailures(
                    TestFailure.newBuilder()
                            .setSuite(failure.suite())
                            .setName(failure.name())
                            .setMessage(failure.message())
                            .setFile(failure.file())
                            .setLine(failure.line()));
        }
        for (var slow : tests.slowest()) {
            message.addSlowest(
                    TestTime.newBuilder()
                            .setSuite(slow.suite())
                            .setName(slow.name())
                            .setDuration(duration(slow.duration())));
        }
        return message.build();
    }

    /// @param lastSeen by the wall clock
    static Agent agent(AgentView agent, Instant lastSeen, boolean unreachable) {
        var info = agent.info();
        boolean draining = agent.drained() || info.draining();
        String state = agent.busySlots() > 0 ? "busy" : "idle";
        if (unreachable) {
            state = "unreachable";
        } else if (draining) {
            state = "draining";
        } else if (!agent.quarantine().isEmpty()) {
            state = "quarantined";
        } else if (!info.unavailableReason().isEmpty()) {
            state = "unavailable";
        }
        return Agent.newBuilder()
                .setId(info.id())
                .setName(info.name())
                .addAllLabels(info.labels())
                .setOs(info.os())
                .setArch(info.arch())
                .setSlots(info.slots())
                .setBusySlots(agent.busySlots())
                .setConnected(agent.connected())
                .setDraining(draining)
                .setVersion(info.version())
                .setLastSeenAt(time(lastSeen))
                .addAllAttempts(agent.attempts().stream().map(Objects::toString).toList())
                .setState(state)
                .setReason(agent.unavailable())
                .build();
    }

    static Artifact artifact(dev.slipway.coordinator.model.Artifact row) {
        return Artifact.newBuilder()
                .setId(row.id())
                .setRun(row.run())
                .setName(row.name())
                .setSize(row.size())
                .setDigest(row.digest())
                .setCreatedAt(time(row.createdAt()))
                .setExpiresAt(time(row.expiresAt()))
                .setFiles(row.files())
                .build();
    }

    static Explanation explanation(dev.slipway.coordinator.engine.Explanation why) {
        return Explanation.newBuilder()
                .setJob(why.name())
                .setStatus(status(why.status()))
                .setReason(why.reason())
                .setAdvice(why.advice())
                .build();
    }

    private static Status status(dev.slipway.coordinator.model.Status status) {
        return Objects.requireNonNull(Status.forNumber(status.number()));
    }

    private static Conclusion conclusion(
            dev.slipway.coordinator.model.@Nullable Conclusion conclusion) {
        return conclusion == null
                ? Conclusion.CONCLUSION_UNSPECIFIED
                : Objects.requireNonNull(Conclusion.forNumber(conclusion.number()));
    }

    private static Cause cause(dev.slipway.coordinator.model.@Nullable Cause cause) {
        return cause == null
                ? Cause.CAUSE_UNSPECIFIED
                : Objects.requireNonNull(Cause.forNumber(cause.number()));
    }

    static Timestamp time(Instant at) {
        return Timestamp.newBuilder()
                .setSeconds(at.getEpochSecond())
                .setNanos(at.getNano())
                .build();
    }

    private static com.google.protobuf.Duration duration(Duration duration) {
        return com.google.protobuf.Duration.newBuilder()
                .setSeconds(duration.getSeconds())
                .setNanos(duration.getNano())
                .build();
    }
}
