package dev.slipway.time;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/// One daemon thread that runs actions when they are due. Whoever makes it closes it.
public final class SystemTimers implements Timers, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(SystemTimers.class);

    private final ScheduledThreadPoolExecutor executor;

    public SystemTimers(String name) {
        executor =
                new ScheduledThreadPoolExecutor(
                        1, body -> Thread.ofPlatform().name(name).daemon(true).unstarted(body));
        executor.setRemoveOnCancelPolicy(true);
        executor.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    }

    /// After {@link #close} the action is silently dropped: its owner is being closed as well.
    @Override
    public Timer after(Duration delay, Runnable action) {
        if (executor.isShutdown()) {
            return () -> {};
        }
        var future =
                executor.schedule(
                        () -> runLogged(action),
                        Math.max(0, delay.toNanos()),
                        TimeUnit.NANOSECONDS);
        return () -> future.cancel(false);
    }

    private static void runLogged(Runnable action) {
        try {
            action.run();
        } catch (RuntimeException problem) {
            LOG.error("A timer's action failed. Please report this as a bug.", problem);
        }
    }

    @Override
    public void close() {
        executor.shutdownNow();
    }
}
