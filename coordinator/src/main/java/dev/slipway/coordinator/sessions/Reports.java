package dev.slipway.coordinator.sessions;

import com.google.protobuf.Timestamp;

import dev.slipway.agent.v1.AgentIdentity;
import dev.slipway.agent.v1.AttemptState;
import dev.slipway.agent.v1.Capacity;
import dev.slipway.coordinator.model.AgentInfo;
import dev.slipway.coordinator.model.Annotation;
import dev.slipway.coordinator.model.AttemptEnd;
import dev.slipway.coordinator.model.AttemptReport;
import dev.slipway.coordinator.model.AttemptResult;
import dev.slipway.coordinator.model.Cause;
import dev.slipway.coordinator.model.Conclusion;
import dev.slipway.coordinator.model.RunSpec;
import dev.slipway.coordinator.model.Status;
import dev.slipway.coordinator.model.StepState;
import dev.slipway.coordinator.model.TestReport;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/// What agents say, in the farm's own words. What a newer agent says beyond what is known here is
/// read as its nearest known meaning.
final class Reports {
    private Reports() {}

    static AgentInfo agent(AgentIdentity identity, Capacity capacity) {
        return new AgentInfo(
                identity.getAgentId(),
                identity.getName(),
                identity.getBootId(),
                identity.getProcessId(),
                identity.getVersion(),
                Math.max(0, capacity.getSlots()),
                capacity.getLabelsList(),
                capacity.getOs(),
                capacity.getArch(),
                capacity.getDraining(),
                capacity.getUnavailableReason(),
                capacity.getWarmProjectsList().stream().limit(100).toList());
    }

    /// @param result left out while the end must not be recorded yet
    static AttemptReport report(AttemptState state, @Nullable AttemptResult result) {
        return new AttemptReport(
                state.getRevision(),
                state.hasStartedAt() ? instant(state.getStartedAt()) : null,
                state.getStepsList().stream().map(Reports::step).toList(),
                annotations(state),
                summaries(state),
                state.hasTests() ? tests(state.getTests()) : null,
                state.hasCancelAcknowledgedAt() ? instant(state.getCancelAcknowledgedAt()) : null,
                result);
    }

    /// @param logIncomplete why output is missing; empty when all of it is here
    /// @param outputPosition the output log's position that this end vouches for
    static AttemptResult result(AttemptState state, String logIncomplete, long outputPosition) {
        var said = state.getResult();
        var end =
                new AttemptEnd(
                        orFailure(conclusion(said.getConclusion())),
                        cause(said.getCause()),
                        said.getCauseDetail(),
                        instant(said.getFinishedAt()),
                        logIncomplete,
                        outputPosition);
        return new AttemptResult(
                end, RunSpec.sorted(said.getOutputsMap()), said.getEnvironmentUrl());
    }

    private static Conclusion orFailure(@Nullable Conclusion conclusion) {
        return conclusion == null ? Conclusion.FAILURE : conclusion;
    }

    private static @Nullable Conclusion conclusion(dev.slipway.api.v1.Conclusion conclusion) {
        return switch (conclusion) {
            case CONCLUSION_SUCCESS -> Conclusion.SUCCESS;
            case CONCLUSION_FAILURE -> Conclusion.FAILURE;
            case CONCLUSION_CANCELLED -> Conclusion.CANCELLED;
            case CONCLUSION_SKIPPED -> Conclusion.SKIPPED;
            case CONCLUSION_TIMED_OUT -> Conclusion.TIMED_OUT;
            case CONCLUSION_UNSPECIFIED, UNRECOGNIZED -> null;
        };
    }

    private static Cause cause(dev.slipway.api.v1.Cause cause) {
        return switch (cause) {
            case CAUSE_SUCCESS -> Cause.SUCCESS;
            case CAUSE_USER_FAILURE -> Cause.USER_FAILURE;
            case CAUSE_TIMEOUT -> Cause.TIMEOUT;
            case CAUSE_CANCELLED -> Cause.CANCELLED;
            case CAUSE_AGENT_LOST -> Cause.AGENT_LOST;
            case CAUSE_POLICY -> Cause.POLICY;
            case CAUSE_INFRASTRUCTURE, CAUSE_UNSPECIFIED, UNRECOGNIZED -> Cause.INFRASTRUCTURE;
        };
    }

    private static StepState step(dev.slipway.agent.v1.StepState step) {
        boolean finished = step.getStatus() == dev.slipway.api.v1.Status.STATUS_FINISHED;
        return new StepState(
                step.getNumber(),
                step.getName(),
                step.getId(),
                finished ? Status.FINISHED : Status.RUNNING,
                finished ? orFailure(conclusion(step.getConclusion())) : null,
                finished ? orFailure(conclusion(step.getOutcome())) : null,
                instant(step.getStartedAt()),
                step.hasFinishedAt() ? instant(step.getFinishedAt()) : null,
                step.getLogEnd());
    }

    private static List<Annotation> annotations(AttemptState state) {
        return state.getAnnotationsList().stream()
                .limit(AttemptReport.MAX_ANNOTATIONS)
                .map(
                        said -> {
                            var annotation = said.getAnnotation();
                            return new Annotation(
                                    said.getId(),
                                    level(annotation.getLevel()),
                                    annotation.getMessage(),
                                    annotation.getTitle(),
                                    annotation.getFile(),
                                    annotation.getLine(),
                                    annotation.getEndLine(),
                                    annotation.getColumn(),
                                    annotation.getEndColumn(),
                                    annotation.getStep());
                        })
                .toList();
    }

    private static Annotation.Level level(dev.slipway.api.v1.Annotation.Level level) {
        return switch (level) {
            case LEVEL_ERROR -> Annotation.Level.ERROR;
            case LEVEL_WARNING -> Annotation.Level.WARNING;
            case LEVEL_NOTICE, LEVEL_UNSPECIFIED, UNRECOGNIZED -> Annotation.Level.NOTICE;
        };
    }

    private static SortedMap<Integer, String> summaries(AttemptState state) {
        var summaries = new TreeMap<Integer, String>();
        state.getSummariesList()
                .forEach(summary -> summaries.put(summary.getStep(), summary.getMarkdown()));
        return summaries;
    }

    private static TestReport tests(dev.slipway.api.v1.TestReport tests) {
        return new TestReport(
                tests.getTotal(),
                tests.getFailed(),
                tests.getErrored(),
                tests.getSkipped(),
                duration(tests.getDuration()),
                tests.getFailuresList().stream()
                        .map(
                                failure ->
                                        new TestReport.Failure(
                                                failure.getSuite(),
                                                failure.getName(),
                                                failure.getMessage(),
                                                failure.getFile(),
                                                failure.getLine()))
                        .toList(),
                tests.getSlowestList().stream()
                        .map(
                                slow ->
                                        new TestReport.Slow(
                                                slow.getSuite(),
                                                slow.getName(),
                                                duration(slow.getDuration())))
                        .toList());
    }

    private static Instant instant(Timestamp at) {
        return Instant.ofEpochSecond(at.getSeconds(), at.getNanos());
    }

    private static Duration duration(com.google.protobuf.Duration duration) {
        return Duration.ofSeconds(duration.getSeconds(), duration.getNanos());
    }
}
