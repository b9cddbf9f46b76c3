package dev.slipway.coordinator.blobs;

import dev.slipway.time.Threads;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;

/// Makes many requests at a bounded width.
///
/// @param width how many at once; 1: in order on the caller's thread
record Parallel(Threads threads, int width) {
    /// What is done with each item.
    interface Body<T> {
        void run(T item) throws IOException;
    }

    /// Returns when the body has run with every item, or has failed with one: the rest is then left
    /// out.
    <T> void each(Collection<T> items, Body<T> body) throws IOException {
        if (width == 1 || items.size() <= 1) {
            for (T item : items) {
                body.run(item);
            }
            return;
        }
        var queue = new ConcurrentLinkedQueue<>(items);
        var problem = new AtomicReference<@Nullable Throwable>();
        int helpers = Math.min(width, items.size());
        var done = new CountDownLatch(helpers);
        var running = new ArrayList<Thread>();
        for (int i = 0; i < helpers; i++) {
            running.add(threads.start("slipway-blobs", () -> work(queue, body, problem, done)));
        }
        try {
            done.await();
        } catch (InterruptedException interrupted) {
            running.forEach(Thread::interrupt);
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while waiting for the blob store");
        }
        rethrow(problem.get());
    }

    private static <T> void work(
            ConcurrentLinkedQueue<T> queue,
            Body<T> body,
            AtomicReference<@Nullable Throwable> problem,
            CountDownLatch done) {
        try {
            for (T item = queue.poll(); item != null && problem.get() == null; ) {
                body.run(item);
                item = queue.poll();
            }
        } catch (IOException | RuntimeException | Error failed) {
            problem.compareAndSet(null, failed);
        } finally {
            done.countDown();
        }
    }

    private static void rethrow(@Nullable Throwable problem) throws IOException {
        switch (problem) {
            case null -> {}
            case IOException io -> throw io;
            case RuntimeException bug -> throw bug;
            default -> throw new IllegalStateException(problem);
        }
    }
}
