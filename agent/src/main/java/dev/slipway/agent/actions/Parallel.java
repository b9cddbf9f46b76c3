package dev.slipway.agent.actions;

import dev.slipway.time.Threads;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicReference;

/// Does the same for many items on a few threads.
final class Parallel {
    private Parallel() {}

    /// What is done for one item.
    @FunctionalInterface
    interface Body<T> {
        void accept(T item) throws IOException, InterruptedException;
    }

    /// Returns when all is done. The first failure ends the others early and is thrown; so is an
    /// interrupt of the caller.
    static <T> void forEach(Collection<T> items, int width, Threads threads, Body<T> body)
            throws IOException, InterruptedException {
        Queue<T> open = new ConcurrentLinkedQueue<>(items);
        var failure = new AtomicReference<@Nullable Exception>();
        List<Thread> workers = new ArrayList<>();
        for (int i = 0; i < Math.min(width, items.size()); i++) {
            workers.add(threads.start("transfer " + i, () -> work(open, body, failure)));
        }
        try {
            for (Thread worker : workers) {
                worker.join();
            }
        } catch (InterruptedException stopped) {
            open.clear();
            workers.forEach(Thread::interrupt);
            throw stopped;
        }
        switch (failure.get()) {
            case null -> {}
            case IOException problem -> throw problem;
            case InterruptedException problem -> throw problem;
            case RuntimeException problem -> throw problem;
            case Exception problem -> throw new IllegalStateException(problem);
        }
    }

    private static <T> void work(
            Queue<T> open, Body<T> body, AtomicReference<@Nullable Exception> failure) {
        try {
            for (T item = open.poll(); item != null; item = open.poll()) {
                body.accept(item);
            }
        } catch (IOException | InterruptedException | RuntimeException problem) {
            failure.compareAndSet(null, problem);
            open.clear();
        }
    }
}
