package dev.slipway.agent.session;

import com.google.protobuf.Duration;
import com.google.protobuf.Timestamp;

import dev.slipway.agent.runner.AttemptView;
import dev.slipway.agent.runner.AttemptView.AnnotationView;
import dev.slipway.agent.runner.AttemptView.StepView;
import dev.slipway.agent.runner.AttemptView.TestsView;
import dev.slipway.agent.runner.Conclusion;
import dev.slipway.agent.runner.JobSpec;
import dev.slipway.agent.runner.Token;
import dev.slipway.agent.v1.AttemptAnnotation;
import dev.slipway.agent.v1.AttemptResult;
import dev.slipway.agent.v1.AttemptState;
import dev.slipway.agent.v1.Phase;
import dev.slipway.agent.v1.StepState;
import dev.slipway.api.v1.Annotation;
import dev.slipway.api.v1.Cause;
import dev.slipway.api.v1.Source;
import dev.slipway.api.v1.Status;
import dev.slipway.api.v1.Summary;
import dev.slipway.api.v1.TestFailure;
import dev.slipway.api.v1.TestReport;
import dev.slipway.api.v1.TestTime;
import dev.slipway.id.AttemptId;

import org.jspecify.annotations.Nullable;

import java.time.Instant;

/// The protocol's messages from and to the agent's own records. Generated types stop here.
final class Messages {
    private Messages() {}

    static Token token(dev.slipway.agent.v1.Token token) {
        return new Token(token.getFarmId(), AttemptId.parse(token.getAttempt()), token.getEpoch());
    }

    static dev.slipway.agent.v1.Token token(Token token) {
        return dev.slipway.agent.v1.Token.newBuilder()
                .setFarmId(token.farmId())
                .setAttempt(token.attempt().toString())
                .setEpoch(token.epoch())
                .build();
    }

    static JobSpec spec(dev.slipway.agent.v1.JobSpec spec) {
        return new JobSpec(
                token(spec.getToken()),
                spec.getRun(),
                spec.getRunAttempt(),
                spec.getProject(),
                spec.getWorkflow().getPath(),
                spec.getWorkflow().getSource().toStringUtf8(),
                spec.getTopWorkflowPath().isEmpty()
                        ? spec.getWorkflow().getPath()
                        : spec.getTopWorkflowPath(),
                spec.getJobId(),
                spec.getJobName(),
                spec.getContextsJsonMap(),
                spec.getSecretsMap(),
                source(spec.getSource()),
                new JobSpec.Limits(
                        spec.getTimeoutMinutes(),
                        spec.getCancelTimeoutMinutes(),
                        spec.getLogCapBytes(),
                        spec.getRetentionDays()),
                spec.getEventJson(),
                spec.getEnvironment(),
                spec.getDebug(),
                spec.getCacheMode().isEmpty() ? "write" : spec.getCacheMode());
    }

    private static JobSpec.Source source(Source source) {
        return switch (source.getFromCase()) {
            case GIT -> new JobSpec.Source.Git(source.getGit().getUrl());
            case BUNDLE ->
                    new JobSpec.Source.Bundle(
                            source.getBundle().getBlob().getSha256(),
                            source.getBundle().getBlob().getSize());
            case FROM_NOT_SET -> new JobSpec.Source.None();
        };
    }

    static AttemptState state(AttemptView view) {
        var state =
                AttemptState.newBuilder()
                        .setToken(token(view.token()))
                        .setRevision(view.revision())
                        .setPhase(phase(view.phase()));
        if (view.startedAt() != null) {
            state.setStartedAt(time(view.startedAt()));
        }
        if (view.cancelAcknowledgedAt() != null) {
            state.setCancelAcknowledgedAt(time(view.cancelAcknowledgedAt()));
        }
        view.steps().forEach(step -> state.addSteps(step(step)));
        view.annotations().forEach(annotation -> state.addAnnotations(annotation(annotation)));
        view.summaries()
                .forEach(
                        summary ->
                                state.addSummaries(
                                        Summary.newBuilder()
                                                .setStep(summary.step())
                                                .setMarkdown(summary.markdown())));
        if (view.tests() != null) {
            state.setTests(tests(view.tests()));
        }
        if (view.result() != null) {
            state.setResult(result(view.result()));
        }
        return state.build();
    }

    private static Phase phase(AttemptView.Phase phase) {
        return switch (phase) {
            case ADOPTED -> Phase.PHASE_ADOPTED;
            case PREPARING -> Phase.PHASE_PREPARING;
            case RUNNING -> Phase.PHASE_RUNNING;
            case ENDING -> Phase.PHASE_ENDING;
            case FINISHED -> Phase.PHASE_FINISHED;
        };
    }

    private static StepState step(StepView step) {
        var state =
                StepState.newBuilder()
                        .setNumber(step.number())
                        .setName(step.name())
                        .setId(step.id())
                        .setStatus(
                                step.conclusion() == null
                                        ? Status.STATUS_RUNNING
                                        : Status.STATUS_FINISHED)
                        .setConclusion(conclusion(step.conclusion()))
                        .setOutcome(conclusion(step.outcome()))
                        .setStartedAt(time(step.startedAt()))
                        .setLogEnd(step.logEnd());
        if (step.finishedAt() != null) {
            state.setFinishedAt(time(step.finishedAt()));
        }
        return state.build();
    }

    private static dev.slipway.api.v1.Conclusion conclusion(@Nullable Conclusion conclusion) {
        return switch (conclusion) {
            case null -> dev.slipway.api.v1.Conclusion.CONCLUSION_UNSPECIFIED;
            case SUCCESS -> dev.slipway.api.v1.Conclusion.CONCLUSION_SUCCESS;
            case FAILURE -> dev.slipway.api.v1.Conclusion.CONCLUSION_FAILURE;
            case CANCELLED -> dev.slipway.api.v1.Conclusion.CONCLUSION_CANCELLED;
            case SKIPPED -> dev.slipway.api.v1.Conclusion.CONCLUSION_SKIPPED;
            case TIMED_OUT -> dev.slipway.api.v1.Conclusion.CONCLUSION_TIMED_OUT;
        };
    }

    private static AttemptAnnotation annotation(AnnotationView annotation) {
        return AttemptAnnotation.newBuilder()
                .setId(annotation.id())
                .setAnnotation(
                        Annotation.newBuilder()
                                .setLevel(level(annotation.level()))
                                .setMessage(annotation.message())
                                .setTitle(annotation.title())
                                .setFile(annotation.file())
                                .setLine(annotation.line())
                                .setEndLine(annotation.endLine())
                                .setColumn(annotation.column())
                                .setEndColumn(annotation.endColumn())
                                .setStep(annotation.step()))
                .build();
    }

    private static Annotation.Level level(String level) {
        return switch (level) {
            case "error" -> Annotation.Level.LEVEL_ERROR;
            case "warning" -> Annotation.Level.LEVEL_WARNING;
            default -> Annotation.Level.LEVEL_NOTICE;
        };
    }

    private static TestReport tests(TestsView tests) {
        var report =
                TestReport.newBuilder()
                        .setTotal(tests.total())
                        .setFailed(tests.failed())
                        .setErrored(tests.errored())
                        .setSkipped(tests.skipped())
                        .setDuration(duration(tests.duration()));
        for (var failure : tests.failures()) {
            report.addFailures(
                    TestFailure.newBuilder()
                            .setSuite(failure.suite())
                            .setName(failure.name())
                            .setMessage(failure.message())
                            .setFile(failure.file())
                            .setLine(failure.line()));
        }
        for (var timing : tests.slowest()) {
            report.addSlowest(
                    TestTime.newBuilder()
                            .setSuite(timing.suite())
                            .setName(timing.name())
                            .setDuration(duration(timing.duration())));
        }
        return report.build();
    }

    private static AttemptResult result(AttemptView.Result result) {
        return AttemptResult.newBuilder()
                .setConclusion(conclusion(result.conclusion()))
                .setCause(cause(result.cause()))
                .setCauseDetail(result.causeDetail())
                .putAllOutputs(result.outputs())
                .setEnvironmentUrl(result.environmentUrl())
                .setFinishedAt(time(result.finishedAt()))
                .setLogIncompleteCause(result.logIncompleteCause())
                .build();
    }

    private static Cause cause(AttemptView.Cause cause) {
        return switch (cause) {
            case SUCCESS -> Cause.CAUSE_SUCCESS;
            case USER_FAILURE -> Cause.CAUSE_USER_FAILURE;
            case TIMEOUT -> Cause.CAUSE_TIMEOUT;
            case CANCELLED -> Cause.CAUSE_CANCELLED;
            case INFRASTRUCTURE -> Cause.CAUSE_INFRASTRUCTURE;
            case POLICY -> Cause.CAUSE_POLICY;
        };
    }

    static Timestamp time(Instant at) {
        return Timestamp.newBuilder()
                .setSeconds(at.getEpochSecond())
                .setNanos(at.getNano())
                .build();
    }

    private static Duration duration(java.time.Duration duration) {
        return Duration.newBuilder()
                .setSeconds(duration.getSeconds())
                .setNanos(duration.getNano())
                .build();
    }
}
