package dev.slipway.coordinator.sessions;

import dev.slipway.time.Threads;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.ArrayDeque;

/// Runs what it is told one after the other, on a cheap thread that lives only while there is
/// something to do: ten thousand idle sessions need no threads.
final class Actor {
    private static final Logger LOG = LoggerFactory.getLogger(Actor.class);

    private final String name;
    private final Threads threads;
    private final int capacity;
    private final ArrayDeque<Work> queue = new ArrayDeque<>(2);
    private boolean running;

    /// One thing to do; it may block.
    interface Work {
        void run() throws InterruptedException;
    }

    /// @param capacity how much from outside may wait
    Actor(String name, Threads threads, int capacity) {
        this.name = name;
        this.threads = threads;
        this.capacity = capacity;
    }

    /// Takes work from outside; never blocks.
    ///
    /// @return false when too much waits already
    boolean offer(Work work) {
        return add(work, capacity);
    }

    /// Takes work whose amount its owner bounds; never blocks.
    void tell(Work work) {
        add(work, Integer.MAX_VALUE);
    }

    private boolean add(Work work, int most) {
        synchronized (queue) {
            if (queue.size() >= most) {
                return false;
            }
            queue.add(work);
            if (running) {
                return true;
            }
            running = true;
        }
        threads.start(name, this::drain);
        return true;
    }

    private void drain() {
        while (true) {
            Work work;
            synchronized (queue) {
                if (queue.isEmpty()) {
                    running = false;
                    return;
                }
                work = queue.remove();
            }
            try {
                work.run();
            } catch (InterruptedException stopped) {
                Thread.currentThread().interrupt();
                synchronized (queue) {
                    queue.clear();
                    running = false;
                }
                return;
            } catch (RuntimeException problem) {
                LOG.error("Work failed. Please report this as a bug. actor={}", name, problem);
            }
        }
    }
}
