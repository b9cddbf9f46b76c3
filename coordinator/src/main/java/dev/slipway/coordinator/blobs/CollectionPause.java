package dev.slipway.coordinator.blobs;

import java.util.concurrent.atomic.AtomicBoolean;

/// Lets somebody, e.g. a backup, keep the blobs that are there from being removed. Outlives the
/// {@link BlobKeeper}s that respect it. Safe for many threads.
public final class CollectionPause {
    private int holds;

    /// Waits for the round that is under way; then nothing is removed until the hold is closed.
    public synchronized AutoCloseable hold() {
        holds++;
        var open = new AtomicBoolean(true);
        return () -> {
            if (open.compareAndSet(true, false)) {
                release();
            }
        };
    }

    private synchronized void release() {
        holds--;
    }

    /// Whether nothing may be removed; to be asked while synchronized on this, for as long as the
    /// round lasts.
    boolean held() {
        return holds > 0;
    }
}
