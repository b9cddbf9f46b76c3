package dev.slipway.coordinator.engine;

import dev.slipway.coordinator.model.JobPlan;
import dev.slipway.id.AttemptId;
import dev.slipway.time.Timers;

import java.time.Duration;
import java.util.function.Consumer;

/// Wakes the engine when an attempt is long past its time-out. Agents enforce time-outs; this is
/// for agents that are alive and do not. For the engine's thread.
final class OverrunTimers implements AutoCloseable {
    private static final Duration MARGIN = Duration.ofMinutes(2);
    private static final double LONGEST_MINUTES = Duration.ofDays(366).toMinutes();

    private final WakeUps<AttemptId> wakeUps;

    OverrunTimers(Timers timers, Consumer<AttemptId> wake) {
        this.wakeUps = new WakeUps<>(timers, wake);
    }

    /// An agent that holds an attempt must begin it some time.
    ///
    /// @param patience how long it may be without word from the farm
    void leased(AttemptId attempt, JobPlan plan, Duration patience) {
        wakeUps.set(attempt, minutes(plan.timeoutMinutes()).plus(afterCancel(plan)).plus(patience));
    }

    void started(AttemptId attempt, JobPlan plan) {
        wakeUps.set(attempt, minutes(plan.timeoutMinutes()).plus(afterCancel(plan)));
    }

    /// It was asked to end: look again when that should have worked.
    void cancelled(AttemptId attempt, JobPlan plan) {
        wakeUps.set(attempt, afterCancel(plan));
    }

    void ended(AttemptId attempt) {
        wakeUps.cancel(attempt);
    }

    @Override
    public void close() {
        wakeUps.close();
    }

    private static Duration afterCancel(JobPlan plan) {
        return minutes(plan.cancelTimeoutMinutes()).plus(MARGIN);
    }

    private static Duration minutes(double minutes) {
        return Duration.ofMillis((long) (Math.min(minutes, LONGEST_MINUTES) * 60_000));
    }
}
