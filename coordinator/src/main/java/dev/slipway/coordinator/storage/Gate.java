package dev.slipway.coordinator.storage;

import dev.slipway.error.ErrorCode;
import dev.slipway.error.SlipwayException;

import java.util.concurrent.atomic.AtomicLong;

/// Lets callers in while something native is open, and the closer past only when all have left:
/// touching a closed RocksDB ends the whole process.
final class Gate {
    /// Number of callers inside; negative (offset by {@link Long#MIN_VALUE}) once closed.
    private final AtomicLong inside = new AtomicLong();

    private final Object left = new Object();

    void enter() {
        while (true) {
            long now = inside.get();
            if (now < 0) {
                throw new SlipwayException(
                        ErrorCode.STORAGE_FAILED, "The database is closed: its owner is ending.");
            }
            if (inside.compareAndSet(now, now + 1)) {
                return;
            }
        }
    }

    void leave() {
        if (inside.decrementAndGet() == Long.MIN_VALUE) {
            synchronized (left) {
                left.notifyAll();
            }
        }
    }

    /// Closes the gate and waits until everyone has left.
    ///
    /// @return false when it was closed before
    boolean close() {
        while (true) {
            long now = inside.get();
            if (now < 0) {
                return false;
            }
            if (inside.compareAndSet(now, now + Long.MIN_VALUE)) {
                break;
            }
        }
        boolean interrupted = false;
        synchronized (left) {
            while (inside.get() != Long.MIN_VALUE) {
                try {
                    left.wait();
                } catch (InterruptedException signal) {
                    interrupted = true;
                }
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        return true;
    }
}
