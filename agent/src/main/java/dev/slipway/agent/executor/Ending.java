package dev.slipway.agent.executor;

import dev.slipway.time.Timers;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// The end of one process, and whoever waits for it or for something that changes before it. Safe
/// for many threads.
final class Ending {
    private final String name;
    private final Timers timers;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();

    // Guarded by the lock.
    private long changes;
    private boolean closed;
    private boolean givenUp;
    private @Nullable Exit exit;

    /// @param name of the process, for who waits in vain
    Ending(String name, Timers timers) {
        this.name = name;
        this.timers = timers;
    }

    /// Something has changed, and maybe this is the end; the first one counts.
    void changed(@Nullable Exit found) {
        lock.lock();
        try {
            // What our signals make of a process that is given up is not its result.
            if (exit == null && (!givenUp || found instanceof Exit.SupervisorLost)) {
                exit = found;
            }
            changes++;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /// From now on only {@link Exit.SupervisorLost} ends it.
    ///
    /// @return false when that comes too late, or is so already
    boolean giveUp() {
        lock.lock();
        try {
            if (givenUp || closed || exit != null) {
                return false;
            }
            givenUp = true;
            return true;
        } finally {
            lock.unlock();
        }
    }

    Optional<Exit> exit() {
        lock.lock();
        try {
            return Optional.ofNullable(exit);
        } finally {
            lock.unlock();
        }
    }

    /// @throws NotFollowedException when it is closed first
    Exit await() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (exit == null) {
                requireOpen();
                changed.await();
            }
            return exit;
        } finally {
            lock.unlock();
        }
    }

    /// Waits for the end, but no longer than `patience`.
    ///
    /// @return whether it has come
    /// @throws NotFollowedException when it is closed first
    boolean await(Duration patience) throws InterruptedException {
        var over = new AtomicBoolean();
        Timers.Timer timer =
                timers.after(
                        patience,
                        () -> {
                            over.set(true);
                            changed(null);
                        });
        lock.lockInterruptibly();
        try {
            while (exit == null && !over.get()) {
                requireOpen();
                changed.await();
            }
            return exit != null;
        } finally {
            lock.unlock();
            timer.cancel();
        }
    }

    /// How often something has changed: for {@link #awaitChange}.
    long changes() {
        lock.lock();
        try {
            return changes;
        } finally {
            lock.unlock();
        }
    }

    /// @param seen what {@link #changes} said before one looked
    /// @throws NotFollowedException when it is closed
    void awaitChange(long seen) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (changes == seen) {
                requireOpen();
                changed.await();
            }
            requireOpen();
        } finally {
            lock.unlock();
        }
    }

    private void requireOpen() {
        if (closed) {
            throw new NotFollowedException(name);
        }
    }

    boolean isClosed() {
        lock.lock();
        try {
            return closed;
        } finally {
            lock.unlock();
        }
    }

    /// Nobody may wait any longer.
    void close() {
        lock.lock();
        try {
            closed = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
