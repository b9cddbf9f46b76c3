package dev.slipway.agent.runner;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/// Ends a running step from outside: whatever runs for the step listens. The first reason counts;
/// only {@link Stop#KILLED} comes through after another. Safe for many threads.
final class StepControl implements AutoCloseable {
    /// Why a step has to stop.
    enum Stop {
        NONE,
        /// The job, or this background step, was cancelled: interrupted politely.
        CANCELLED,
        /// Its `timeout-minutes` went by: interrupted politely, and a failure.
        TIMED_OUT,
        /// Nothing may run any more.
        KILLED
    }

    private final Set<Consumer<Stop>> listeners = new LinkedHashSet<>();
    private final List<AutoCloseable> owned = new ArrayList<>();
    private Stop first = Stop.NONE;
    private boolean killed;

    void stop(Stop why) {
        List<Consumer<Stop>> told;
        synchronized (this) {
            boolean news = first == Stop.NONE || (why == Stop.KILLED && !killed);
            if (!news) {
                return;
            }
            if (first == Stop.NONE) {
                first = why;
            }
            killed |= why == Stop.KILLED;
            told = new ArrayList<>(listeners);
        }
        told.forEach(listener -> listener.accept(why));
    }

    /// Why it has to stop; a kill after a cancel is still that cancel.
    synchronized Stop reason() {
        return first;
    }

    /// How a step that was stopped has ended.
    Conclusion conclusion() {
        return reason() == Stop.TIMED_OUT ? Conclusion.FAILURE : Conclusion.CANCELLED;
    }

    /// Calls the listener on every stop, and at once when it is stopped already. It must not block.
    CancelSignal.Registration listen(Consumer<Stop> listener) {
        Stop now;
        synchronized (this) {
            listeners.add(listener);
            now = killed ? Stop.KILLED : first;
        }
        if (now != Stop.NONE) {
            listener.accept(now);
        }
        return () -> {
            synchronized (this) {
                listeners.remove(listener);
            }
        };
    }

    /// Something to be closed with this.
    void own(AutoCloseable resource) {
        owned.add(resource);
    }

    /// Ends what watches over the step.
    @Override
    public void close() {
        for (AutoCloseable resource : owned) {
            try {
                resource.close();
            } catch (Exception impossible) {
                throw new IllegalStateException("closing a watch failed", impossible);
            }
        }
        owned.clear();
    }
}
