package dev.slipway.agent.runner;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/// How urgently an attempt has to end. Rises only; safe for many threads.
///
/// ```
/// NONE ──▶ CANCEL ──▶ EXPIRED ──▶ ABANDON
/// ```
final class CancelSignal {
    /// From here on what still runs is judged anew.
    enum Level {
        NONE,
        /// Later steps run only if their condition says so; a running one is interrupted unless its
        /// condition does.
        CANCEL,
        /// The time for cleaning up is over: nothing runs any more, but the job is completed.
        EXPIRED,
        /// The lease is lost or the farm has forgotten the attempt: everything is killed at once.
        ABANDON
    }

    private final Set<Consumer<Level>> listeners = new LinkedHashSet<>();
    private Level level = Level.NONE;
    private String reason = "";
    private boolean timedOut;

    /// Raises the level; a lower or equal one changes nothing.
    ///
    /// @param byTimeout whether the job's own time limit is why
    void raise(Level to, String why, boolean byTimeout) {
        List<Consumer<Level>> told;
        synchronized (this) {
            if (to.compareTo(level) <= 0) {
                return;
            }
            if (level == Level.NONE) {
                timedOut = byTimeout;
            }
            level = to;
            reason = why;
            told = new ArrayList<>(listeners);
        }
        told.forEach(listener -> listener.accept(to));
    }

    synchronized Level level() {
        return level;
    }

    synchronized String reason() {
        return reason;
    }

    synchronized boolean timedOut() {
        return timedOut;
    }

    synchronized boolean isRaised() {
        return level != Level.NONE;
    }

    synchronized boolean isOver() {
        return level.compareTo(Level.EXPIRED) >= 0;
    }

    /// Calls the listener on every rise, and at once when the level has risen before. Listeners
    /// must not block.
    Registration listen(Consumer<Level> listener) {
        Level now;
        synchronized (this) {
            listeners.add(listener);
            now = level;
        }
        if (now != Level.NONE) {
            listener.accept(now);
        }
        return () -> {
            synchronized (this) {
                listeners.remove(listener);
            }
        };
    }

    /// Ends the listening.
    interface Registration extends AutoCloseable {
        @Override
        void close();
    }
}
