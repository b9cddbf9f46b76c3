package dev.slipway.agent.image;

import dev.slipway.time.Threads;

import java.util.List;
import java.util.Set;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;

/// A thread for each thing that Jib does at once. When it is closed, all of them have ended.
final class Workers extends AbstractExecutorService {
    private final Threads threads;
    private final Set<Thread> running = ConcurrentHashMap.newKeySet();
    private boolean closed;

    Workers(Threads threads) {
        this.threads = threads;
    }

    @Override
    public synchronized void execute(Runnable body) {
        if (closed) {
            throw new RejectedExecutionException("the image is no longer worked on");
        }
        running.add(threads.start("image", body));
        running.removeIf(thread -> thread.getState() == Thread.State.TERMINATED);
    }

    @Override
    public synchronized void shutdown() {
        closed = true;
    }

    @Override
    public synchronized List<Runnable> shutdownNow() {
        closed = true;
        running.forEach(Thread::interrupt);
        return List.of();
    }

    @Override
    public synchronized boolean isShutdown() {
        return closed;
    }

    @Override
    public synchronized boolean isTerminated() {
        return closed && running.stream().noneMatch(Thread::isAlive);
    }

    /// There is nobody to wait with a clock of its own: {@link #close} waits.
    @Override
    public boolean awaitTermination(long timeout, TimeUnit unit) {
        throw new UnsupportedOperationException("workers are waited for by closing them");
    }

    /// Interrupts what still runs, and waits for its end.
    @Override
    public void close() {
        shutdownNow();
        boolean interrupted = false;
        for (Thread thread : running) {
            while (thread.isAlive()) {
                try {
                    thread.join();
                } catch (InterruptedException asked) {
                    interrupted = true;
                }
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
