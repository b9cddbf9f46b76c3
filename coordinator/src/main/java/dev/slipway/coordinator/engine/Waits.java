package dev.slipway.coordinator.engine;

import dev.slipway.id.JobId;
import dev.slipway.time.Timers;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;

/// Wakes the engine when the wait timer of a job's environment may be over. For the engine's
/// thread.
final class Waits implements AutoCloseable {
    private final Timers timers;
    private final Consumer<JobId> wake;
    private final Map<JobId, Timers.Timer> running = new HashMap<>();

    Waits(Timers timers, Consumer<JobId> wake) {
        this.timers = timers;
        this.wake = wake;
    }

    /// @param left zero: nothing to wait for
    void set(JobId job, Duration left) {
        ended(job);
        if (!left.isZero()) {
            running.put(job, timers.after(left.plusMillis(1), () -> wake.accept(job)));
        }
    }

    void ended(JobId job) {
        Timers.Timer timer = running.remove(job);
        if (timer != null) {
            timer.cancel();
        }
    }

    @Override
    public void close() {
        running.values().forEach(Timers.Timer::cancel);
        running.clear();
    }
}
