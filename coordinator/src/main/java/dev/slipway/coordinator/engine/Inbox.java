package dev.slipway.coordinator.engine;

import dev.slipway.error.ErrorCode;
import dev.slipway.error.Refusal;

import org.jspecify.annotations.Nullable;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// What waits for the engine, first come first served: bounded for others, always open for its own
/// timers (of which there are no more than attempts and agents).
final class Inbox<T extends Inbox.Task> {
    private final int capacity;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition filled = lock.newCondition();
    private final ArrayDeque<T> waiting = new ArrayDeque<>();
    private @Nullable RuntimeException closed;

    Inbox(int capacity) {
        this.capacity = capacity;
    }

    /// Something for the engine to do.
    interface Task {
        void refused(Refusal refusal);

        void lost(RuntimeException cause);
    }

    /// Adds a task, or refuses it at once.
    void add(T task) {
        RuntimeException end;
        boolean full;
        lock.lock();
        try {
            end = closed;
            full = waiting.size() >= capacity;
            if (end == null && !full) {
                waiting.add(task);
                filled.signal();
                return;
            }
        } finally {
            lock.unlock();
        }
        if (end != null) {
            task.lost(end);
        } else {
            task.refused(
                    new Refusal(
                            ErrorCode.OVERLOADED,
                            "%d requests wait already; try again in a moment."
                                    .formatted(capacity)));
        }
    }

    /// Adds a task of the engine itself.
    void addOwn(T task) {
        lock.lock();
        try {
            if (closed == null) {
                waiting.add(task);
                filled.signal();
            }
        } finally {
            lock.unlock();
        }
    }

    /// Waits for tasks and takes at most `most`; none once closed.
    List<T> take(int most) throws InterruptedException {
        lock.lock();
        try {
            while (waiting.isEmpty() && closed == null) {
                filled.await();
            }
            if (closed != null) {
                return List.of();
            }
            var taken = new ArrayList<T>(Math.min(most, waiting.size()));
            while (taken.size() < most && !waiting.isEmpty()) {
                taken.add(waiting.poll());
            }
            return taken;
        } finally {
            lock.unlock();
        }
    }

    /// Takes no more; what waits is lost.
    void close(RuntimeException cause) {
        List<T> lost;
        lock.lock();
        try {
            if (closed == null) {
                closed = cause;
            }
            lost = new ArrayList<>(waiting);
            waiting.clear();
            filled.signalAll();
        } finally {
            lock.unlock();
        }
        lost.forEach(task -> task.lost(cause));
    }
}
