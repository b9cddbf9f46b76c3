package dev.slipway.agent.runner;

import dev.slipway.agent.runner.AttemptView.Cause;
import dev.slipway.agent.runner.AttemptView.Result;
import dev.slipway.agent.runner.AttemptView.StepView;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Instant;
import java.util.Map;

/// Ends an attempt whose program did not come to its end: abandoned, or failed by the machine. Open
/// steps get a conclusion and their logs an end, and the result says what is missing.
record AbruptEnd(AttemptState state, Instant now, Conclusion conclusion, String detail) {
    private static final Logger LOG = LoggerFactory.getLogger(AbruptEnd.class);

    /// @param logs null when the logs cannot be written
    void apply(Cause cause, @Nullable StepLogs logs) {
        String incomplete = logs == null ? detail : logs.incompleteCause();
        for (StepView step : state.steps()) {
            if (step.conclusion() == null) {
                incomplete = incomplete.isEmpty() ? detail : incomplete;
                endStep(step, logs);
            }
        }
        if (logs != null) {
            logs.resumeFinished();
        }
        state.finishAnyway(new Result(conclusion, cause, detail, Map.of(), "", now, incomplete));
    }

    private void endStep(StepView step, @Nullable StepLogs logs) {
        long logEnd = 0;
        try {
            if (logs != null) {
                StepOutput log = logs.open(step.number(), Map.of());
                log.error("attempt/end", detail);
                logEnd = log.end();
            }
        } catch (InfrastructureException problem) {
            LOG.error("A step's log cannot be completed. why={}", problem.getMessage());
        }
        state.recordOrKeep(
                "end/" + step.number(), StateCodec.end(conclusion, conclusion, now, logEnd));
    }
}
