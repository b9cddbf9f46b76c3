package dev.slipway.agent.runner;

import dev.slipway.agent.runner.AttemptView.Phase;
import dev.slipway.agent.runner.CancelSignal.Level;
import dev.slipway.expression.Value;
import dev.slipway.time.Timers;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Instant;

/// How long a job may run, and how long after a cancel the steps that insist on running may. Both
/// go on from where they were when the agent was away.
final class TimeLimits implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(TimeLimits.class);
    private static final double DEFAULT_TIMEOUT_MINUTES = 360;
    private static final double DEFAULT_CANCEL_MINUTES = 5;

    private final Token token;
    private final JobSpec.Limits limits;
    private final AttemptState state;
    private final Checkpoint checkpoint;
    private final CancelSignal cancel;
    private final Machine machine;
    private final Timers.Timer timer;
    private final CancelSignal.Registration registration;

    /// Starts both.
    TimeLimits(
            Token token,
            JobSpec.Limits limits,
            AttemptState state,
            Checkpoint checkpoint,
            CancelSignal cancel,
            Machine machine) {
        this.token = token;
        this.limits = limits;
        this.state = state;
        this.checkpoint = checkpoint;
        this.cancel = cancel;
        this.machine = machine;
        this.timer = limitJob();
        this.registration = cancel.listen(this::limitCleanUp);
    }

    private Timers.Timer limitJob() {
        double minutes =
                limits.timeoutMinutes() > 0 ? limits.timeoutMinutes() : DEFAULT_TIMEOUT_MINUTES;
        String reason =
                "The job has exceeded the maximum execution time of %s minutes."
                        .formatted(Value.of(minutes).text());
        return after(minutes, state.view().startedAt(), "timeout", () -> timeOut(reason));
    }

    private void timeOut(String reason) {
        if (state.view().phase() == Phase.FINISHED) {
            return;
        }
        try {
            checkpoint.record("timeout", Value.of(reason));
        } catch (InfrastructureException problem) {
            LOG.warn(
                    "A time-out is not on disk; an agent that starts now would not know of it."
                            + " attempt={} why={}",
                    token.attempt(),
                    problem.getMessage());
        }
        cancel.raise(Level.CANCEL, reason, true);
    }

    private void limitCleanUp(Level level) {
        if (level != Level.CANCEL) {
            return;
        }
        double minutes =
                limits.cancelTimeoutMinutes() > 0
                        ? limits.cancelTimeoutMinutes()
                        : DEFAULT_CANCEL_MINUTES;
        after(
                minutes,
                state.view().cancelAcknowledgedAt(),
                "expiry",
                () -> cancel.raise(Level.EXPIRED, cancel.reason(), false));
    }

    /// @param since null when it begins now
    private Timers.Timer after(double minutes, @Nullable Instant since, String what, Runnable end) {
        Instant from = since == null ? machine.clock().now() : since;
        return machine.timers()
                .after(
                        machine.remaining(from, minutes),
                        () -> machine.threads().start(what + " " + token.attempt(), end));
    }

    @Override
    public void close() {
        timer.cancel();
        registration.close();
    }
}
