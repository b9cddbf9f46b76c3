package dev.slipway.coordinator.journal;

import dev.slipway.coordinator.journal.ClusterLogs.Completion;
import dev.slipway.coordinator.journal.ClusterLogs.Writer;
import dev.slipway.error.SlipwayException;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

/// Appends entries that say who wrote them and where, and remembers what became of them.
final class Appender implements Completion {
    private final String name;
    private final Writer writer;
    private final List<Long> durable = new ArrayList<>();
    private final AtomicReference<SlipwayException> problem = new AtomicReference<>();
    private long next;

    Appender(String name, Writer writer, long first) {
        this.name = name;
        this.writer = writer;
        this.next = first;
    }

    static String text(String name, long position) {
        return name + " wrote " + position;
    }

    void append(int count) throws InterruptedException {
        for (int i = 0; i < count; i++) {
            append(text(name, next).getBytes(StandardCharsets.UTF_8));
        }
    }

    void append(byte[] bytes) throws InterruptedException {
        writer.append(next, bytes, this);
        next++;
    }

    @Override
    public synchronized void durable(long position) {
        durable.add(position);
        notifyAll();
    }

    @Override
    public void failed(SlipwayException reason) {
        problem.compareAndSet(null, reason);
        synchronized (this) {
            notifyAll();
        }
    }

    /// Waits until everything appended so far is durable.
    synchronized void awaitDurable() throws InterruptedException {
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (durable.isEmpty() || durable.getLast() < next - 1) {
            if (problem.get() != null) {
                throw new AssertionError("an append failed", problem.get());
            }
            if (System.nanoTime() > until) {
                throw new AssertionError(
                        "not durable after 30 s: " + (next - 1) + ", but " + durable.size());
            }
            wait(100);
        }
    }

    /// Waits until everything appended so far was answered: all of it is durable, or a failure was
    /// told.
    synchronized Optional<SlipwayException> awaitAnswers() throws InterruptedException {
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (problem.get() == null && (durable.isEmpty() || durable.getLast() < next - 1)) {
            if (System.nanoTime() > until) {
                throw new AssertionError(
                        "not answered after 30 s: " + (next - 1) + ", but " + durable.size());
            }
            wait(100);
        }
        return Optional.ofNullable(problem.get());
    }

    /// In the order in which it was told.
    synchronized List<Long> durable() {
        return List.copyOf(durable);
    }
}
