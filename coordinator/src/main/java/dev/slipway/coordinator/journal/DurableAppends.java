package dev.slipway.coordinator.journal;

import dev.slipway.coordinator.journal.ClusterLogs.Completion;
import dev.slipway.coordinator.journal.ClusterLogs.Writer;
import dev.slipway.error.ErrorCode;
import dev.slipway.error.SlipwayException;
import dev.slipway.time.Bell;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/// Appends messages to one replicated log and waits until they are durable. The first failure is
/// final: the claim is lost, and whoever leads must step down. For one writing thread; {@link
/// #abort} and {@link #nudge} may come from any.
final class DurableAppends {
    private final Writer writer;
    private final Consumer<SlipwayException> onFailure;
    private final Bell changed = new Bell();

    /// The parts of a message follow on each other.
    private final ReentrantLock order = new ReentrantLock();

    /// Guarded by `order`.
    private long next;

    private long durable;
    private @Nullable SlipwayException failure;

    /// @param end the log's last position
    /// @param onFailure called once, from any thread
    DurableAppends(Writer writer, long end, Consumer<SlipwayException> onFailure) {
        this.writer = writer;
        this.onFailure = onFailure;
        this.next = end + 1;
        this.durable = end;
    }

    /// Appends messages, in order, all under way at once.
    ///
    /// @return the position of the last part of each
    /// @throws SlipwayException when one of them may not be durable
    List<Long> append(List<byte[]> messages) throws InterruptedException {
        var positions = new ArrayList<Long>(messages.size());
        long last;
        order.lock();
        try {
            for (byte[] message : messages) {
                for (byte[] part : LogParts.cut(message)) {
                    append(part);
                }
                positions.add(next - 1);
            }
            last = next - 1;
        } finally {
            order.unlock();
        }
        await(last);
        return positions;
    }

    /// Appends an entry that says nothing, so that readers get those before it. Does nothing while
    /// something else is appended, which does the same.
    void nudge() throws InterruptedException {
        if (order.tryLock()) {
            try {
                append(LogParts.nothing());
            } finally {
                order.unlock();
            }
        }
    }

    private void append(byte[] part) throws InterruptedException {
        check();
        long position = next++;
        try {
            writer.append(
                    position,
                    part,
                    new Completion() {
                        @Override
                        public void durable(long reached) {
                            reached(reached);
                        }

                        @Override
                        public void failed(SlipwayException problem) {
                            fail(problem);
                        }
                    });
        } catch (SlipwayException problem) {
            fail(problem);
            throw problem;
        }
    }

    private void reached(long position) {
        synchronized (this) {
            durable = Math.max(durable, position);
        }
        changed.ring();
    }

    private void await(long position) throws InterruptedException {
        while (true) {
            CountDownLatch change;
            synchronized (this) {
                check();
                if (durable >= position) {
                    return;
                }
                change = changed.next();
            }
            change.await();
        }
    }

    private synchronized void check() {
        if (failure != null) {
            throw failure;
        }
    }

    /// Forgets entries up to a position.
    void trim(long upTo) throws InterruptedException {
        check();
        writer.trim(upTo);
    }

    /// Nothing is waited for any longer: this coordinator leads no more.
    void abort() {
        end(new SlipwayException(ErrorCode.NOT_LEADER, "it leads no more"));
    }

    private void fail(SlipwayException problem) {
        if (end(problem)) {
            onFailure.accept(problem);
        }
    }

    /// @return whether it had not ended before
    private boolean end(SlipwayException problem) {
        synchronized (this) {
            if (failure != null) {
                return false;
            }
            failure = problem;
        }
        changed.ring();
        return true;
    }
}
