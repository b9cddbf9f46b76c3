package dev.slipway.coordinator.engine;

import dev.slipway.time.Timers;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;

/// Wakes the engine about something, at most once at a time for each. For the engine's thread.
///
/// @param <K> what the engine is woken about
final class WakeUps<K> implements AutoCloseable {
    private final Timers timers;
    private final Consumer<K> wake;
    private final Map<K, Timers.Timer> running = new HashMap<>();

    /// @param wake called by a timer's thread
    WakeUps(Timers timers, Consumer<K> wake) {
        this.timers = timers;
        this.wake = wake;
    }

    /// Instead of what was set before.
    void set(K what, Duration delay) {
        cancel(what);
        running.put(what, timers.after(delay, () -> wake.accept(what)));
    }

    void cancel(K what) {
        Timers.Timer timer = running.remove(what);
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
