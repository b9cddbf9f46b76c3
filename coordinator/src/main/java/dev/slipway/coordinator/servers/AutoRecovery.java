package dev.slipway.coordinator.servers;

import dev.slipway.time.Threads;
import dev.slipway.time.Timers;

import org.apache.bookkeeper.conf.ServerConfiguration;
import org.apache.bookkeeper.replication.AutoRecoveryMain;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;

/// Copies again what lost bookies held: an auditor, elected among all bookies, finds it, and a
/// worker on each bookie copies.
///
/// BookKeeper's own daemon does it. This makes it anew when it has ended, which it does when its
/// ZooKeeper session is lost, and ends it without its ten seconds of waiting.
final class AutoRecovery implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(AutoRecovery.class);
    private static final Duration LOOK = Duration.ofSeconds(5);
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private final String bookie;
    private final ServerConfiguration configuration;
    private final Threads threads;
    private final Timers timers;

    // Guarded by this.
    private @Nullable AutoRecoveryMain daemon;
    private boolean closed;

    AutoRecovery(String bookie, ServerConfiguration configuration, Threads threads, Timers timers) {
        this.bookie = bookie;
        this.configuration = configuration;
        this.threads = threads;
        this.timers = timers;
    }

    /// Begins; it goes on until {@link #close}, also over lost sessions.
    void start() {
        threads.start("slipway-recovery", this::lookAfter);
    }

    private void lookAfter() {
        synchronized (this) {
            if (closed) {
                return;
            }
            if (daemon == null || !daemon.isAutoRecoveryRunning()) {
                try {
                    end();
                    var fresh = new AutoRecoveryMain(configuration);
                    fresh.setExceptionHandler(
                            (thread, problem) -> LOG.debug("Auto-recovery has ended.", problem));
                    fresh.start();
                    daemon = fresh;
                } catch (InterruptedException asked) {
                    return;
                } catch (Exception problem) {
                    LOG.warn("Auto-recovery cannot run; it is tried again.", problem);
                }
            }
        }
        timers.after(LOOK, this::start);
    }

    // Guarded by this.
    private void end() {
        if (daemon != null) {
            interruptElector();
            daemon.shutdown();
            daemon = null;
        }
    }

    /// A bookie that is not the auditor waits for the one before it in the queue, and its shutdown
    /// would wait with it.
    private void interruptElector() {
        Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().equals("AuditorElector-" + bookie))
                .forEach(Thread::interrupt);
    }

    /// Waits for its end, but not for long: an auditor with a lost bookie in mind takes half a
    /// minute, which nobody needs.
    @Override
    public void close() {
        var over = new CountDownLatch(1);
        threads.start(
                "slipway-recovery-end",
                () -> {
                    synchronized (this) {
                        closed = true;
                        end();
                    }
                    over.countDown();
                });
        Timers.Timer enough = timers.after(PATIENCE, over::countDown);
        try {
            over.await();
        } catch (InterruptedException asked) {
            Thread.currentThread().interrupt();
        } finally {
            enough.cancel();
        }
    }
}
