package dev.slipway.coordinator.logs;

import dev.slipway.error.ErrorCode;
import dev.slipway.error.SlipwayException;
import dev.slipway.id.AttemptId;
import dev.slipway.time.Bell;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;

/// What waits for the writing thread, bounded by bytes.
final class LogQueue {
    private static final int BATCH_BYTES = 16 << 20;

    private final long mostBytes;
    private final ArrayDeque<Order> queue = new ArrayDeque<>();
    private final Bell changed = new Bell();
    private long queuedBytes;
    private boolean closing;

    LogQueue(long mostBytes) {
        this.mostBytes = mostBytes;
    }

    /// What the thread is asked to do.
    sealed interface Order {
        default int bytes() {
            return 256;
        }

        void fail(SlipwayException problem);
    }

    /// @param sound whether size and checksum are right
    record Append(Chunk chunk, boolean sound, LogStore.Listener listener) implements Order {
        @Override
        public int bytes() {
            return 256 + chunk.data().remaining();
        }

        @Override
        public void fail(SlipwayException problem) {
            listener.failed(problem);
        }
    }

    record Close(AttemptId attempt, String cause, CompletableFuture<Boolean> done)
            implements Order {
        @Override
        public void fail(SlipwayException problem) {
            done.completeExceptionally(problem);
        }
    }

    record Remove(long run, CompletableFuture<Boolean> done) implements Order {
        @Override
        public void fail(SlipwayException problem) {
            done.completeExceptionally(problem);
        }
    }

    /// @throws SlipwayException when too much waits, or the queue is closed
    void add(Order order) {
        synchronized (queue) {
            if (closing) {
                throw new SlipwayException(
                        ErrorCode.STORAGE_FAILED, "The log store is closed. Try again later.");
            }
            if (queuedBytes > mostBytes) {
                throw new SlipwayException(
                        ErrorCode.OVERLOADED,
                        "More output comes than the disk takes (%d bytes wait). Try again later."
                                .formatted(queuedBytes));
            }
            queuedBytes += order.bytes();
            queue.add(order);
        }
        changed.ring();
    }

    /// What waits is still handed out; nothing more is taken.
    void close() {
        synchronized (queue) {
            closing = true;
        }
        changed.ring();
    }

    /// All that waits, up to a bound; blocks while nothing does. Empty when closing.
    List<Order> take() {
        while (true) {
            CountDownLatch more;
            synchronized (queue) {
                if (!queue.isEmpty() || closing) {
                    return drain();
                }
                more = changed.next();
            }
            try {
                more.await();
            } catch (InterruptedException interrupted) {
                synchronized (queue) {
                    closing = true;
                }
            }
        }
    }

    private List<Order> drain() {
        var batch = new ArrayList<Order>();
        long bytes = 0;
        while (!queue.isEmpty() && bytes < BATCH_BYTES) {
            Order order = queue.remove();
            bytes += order.bytes();
            batch.add(order);
        }
        queuedBytes -= bytes;
        return batch;
    }
}
