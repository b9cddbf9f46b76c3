package dev.slipway.agent.runner;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/// What an attempt looks like at one moment; what the coordinator is told.
///
/// @param revision rises with every change
/// @param startedAt null before anything has happened
/// @param steps all steps that have started, in order
/// @param tests null when no step reported tests
/// @param result present exactly in {@link Phase#FINISHED}
/// @param cancelAcknowledgedAt null when no cancel was asked for
public record AttemptView(
        Token token,
        long revision,
        Phase phase,
        @Nullable Instant startedAt,
        List<StepView> steps,
        List<AnnotationView> annotations,
        List<SummaryView> summaries,
        @Nullable TestsView tests,
        @Nullable Result result,
        @Nullable Instant cancelAcknowledgedAt) {

    public AttemptView {
        steps = List.copyOf(steps);
        annotations = List.copyOf(annotations);
        summaries = List.copyOf(summaries);
    }

    /// Where an attempt is.
    public enum Phase {
        /// Known from disk after a restart; waits for confirmation.
        ADOPTED,
        PREPARING,
        RUNNING,
        /// Cancel in progress or cleaning up.
        ENDING,
        FINISHED
    }

    /// One step.
    ///
    /// @param id empty when the workflow gives none
    /// @param conclusion null while it runs; after continue-on-error
    /// @param outcome null while it runs; before continue-on-error
    /// @param logEnd raw bytes of output at the end; -1 while it runs
    public record StepView(
            int number,
            String name,
            String id,
            @Nullable Conclusion conclusion,
            @Nullable Conclusion outcome,
            Instant startedAt,
            @Nullable Instant finishedAt,
            long logEnd) {}

    /// A message attached to a place in the code.
    ///
    /// @param id `STEP:RAW_OFFSET:N`, the same after a restart
    /// @param level `error`, `warning` or `notice`
    /// @param line 0 when unknown, like the other places
    public record AnnotationView(
            String id,
            int step,
            String level,
            String message,
            String title,
            String file,
            int line,
            int endLine,
            int column,
            int endColumn) {}

    /// What a step wrote for people, in Markdown, masked.
    public record SummaryView(int step, String markdown) {}

    /// Test results of the attempt, added up.
    public record TestsView(
            int total,
            int failed,
            int errored,
            int skipped,
            Duration duration,
            List<Failure> failures,
            List<Timing> slowest) {

        public record Failure(String suite, String name, String message, String file, int line) {}

        public record Timing(String suite, String name, Duration duration) {}
    }

    /// Why an attempt ended.
    public enum Cause {
        SUCCESS,
        USER_FAILURE,
        TIMEOUT,
        CANCELLED,
        INFRASTRUCTURE,
        POLICY
    }

    /// How an attempt ended.
    ///
    /// @param outputs the job's outputs, those with secrets dropped
    /// @param environmentUrl empty when there is none
    /// @param logIncompleteCause not empty when output was lost on this machine
    public record Result(
            Conclusion conclusion,
            Cause cause,
            String causeDetail,
            Map<String, String> outputs,
            String environmentUrl,
            Instant finishedAt,
            String logIncompleteCause) {

        public Result {
            outputs = Map.copyOf(outputs);
        }

        Result withIncompleteLog(String cause) {
            return new Result(
                    conclusion,
                    this.cause,
                    causeDetail,
                    outputs,
                    environmentUrl,
                    finishedAt,
                    cause);
        }
    }
}
