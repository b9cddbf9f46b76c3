package dev.slipway.coordinator.logs;

import dev.slipway.error.ErrorCode;
import dev.slipway.error.SlipwayException;
import dev.slipway.time.Bell;

import org.jspecify.annotations.Nullable;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;

/// What waits for the writing thread, bounded by bytes.
final class LogQueue {
    private static final int BATCH_BYTES = 16 << 20;

    private final long mostBytes;
    private final ArrayDeque<Task> queue = new ArrayDeque<>();
    private final Bell changed = new Bell();
    private long queuedBytes;
    private boolean closing;

    LogQueue(long mostBytes) {
        this.mostBytes = mostBytes;
    }

    /// What the thread is asked to do.
    sealed interface Task {
        default int bytes() {
            return 256;
        }

        void fail(SlipwayException problem);
    }

    /// An order of this coordinator.
    sealed interface Own extends Task {
        LogOrder order();
    }

    /// A chunk.
    record Append(LogOrder.Append order, LogStore.Listener listener) implements Own {
        @Override
        public int bytes() {
            return 256 + order.chunk().data().remaining();
        }

        @Override
        public void fail(SlipwayException problem) {
            listener.failed(problem);
        }
    }

    /// Any other order; says whether there is more to do.
    record Other(LogOrder order, CompletableFuture<Boolean> done) implements Own {
        @Override
        public void fail(SlipwayException problem) {
            done.completeExceptionally(problem);
        }
    }

    /// Orders that another coordinator has written down.
    record Replicated(List<LogOrder> orders, long position, CompletableFuture<Boolean> done)
            implements Task {
        @Override
        public void fail(SlipwayException problem) {
            done.completeExceptionally(problem);
        }
    }

    /// Something that is done between two batches, while nothing is written.
    record Pause(Runnable body, CompletableFuture<Boolean> done) implements Task {
        @Override
        public void fail(SlipwayException problem) {
            done.completeExceptionally(problem);
        }
    }

    /// Changes where orders are written down, between two batches.
    record Turn(@Nullable OutputLog output, boolean refuse, CompletableFuture<Boolean> done)
            implements Task {
        @Override
        public void fail(SlipwayException problem) {
            done.completeExceptionally(problem);
        }
    }

    /// @throws SlipwayException when too much waits, or the queue is closed
    void add(Task order) {
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
    List<Task> take() {
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

    private List<Task> drain() {
        var batch = new ArrayList<Task>();
        long bytes = 0;
        while (!queue.isEmpty() && bytes < BATCH_BYTES) {
            Task order = queue.remove();
            bytes += order.bytes();
            batch.add(order);
        }
        queuedBytes -= bytes;
        return batch;
    }
}
