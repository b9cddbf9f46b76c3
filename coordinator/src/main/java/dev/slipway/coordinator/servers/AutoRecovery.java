package dev.slipway.coordinator.servers;

import dev.slipway.time.Threads;
import dev.slipway.time.Timers;

import org.apache.bookkeeper.conf.ServerConfiguration;
import org.apache.bookkeeper.replication.AuditorElector;
import org.apache.bookkeeper.replication.ReplicationWorker;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;

/// Copies again what lost bookies held: an auditor, elected among all bookies, finds it, and a
/// worker on each bookie copies.
///
/// BookKeeper's own parts do it. This makes them anew when one has ended, as they do when their
/// ZooKeeper session is lost. (`AutoRecoveryMain` does the same, but its end waits ten seconds for
/// an election that may never come.)
final class AutoRecovery implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(AutoRecovery.class);
    private static final Duration LOOK = Duration.ofSeconds(5);
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private final String bookie;
    private final ServerConfiguration configuration;
    private final Threads threads;
    private final Timers timers;

    // Guarded by this.
    private @Nullable Parts parts;
    private boolean closed;

    /// @param election stands for the auditor's place, or holds it
    private record Parts(AuditorElector elector, Future<?> election, ReplicationWorker worker) {
        boolean run() {
            return elector.isRunning() && worker.isRunning();
        }

        void end() throws InterruptedException {
            // Whoever waits in the queue would not hear that it is to end.
            election.cancel(true);
            elector.shutdown();
            worker.shutdown();
        }
    }

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
            if (parts == null || !parts.run()) {
                try {
                    end();
                    parts = begin();
                } catch (InterruptedException asked) {
                    return;
                } catch (Exception problem) {
                    LOG.warn("Auto-recovery cannot run; it is tried again.", problem);
                }
            }
        }
        timers.after(LOOK, this::start);
    }

    private Parts begin() throws Exception {
        var elector = new AuditorElector(bookie, configuration);
        ReplicationWorker worker;
        try {
            worker = new ReplicationWorker(configuration);
        } catch (Exception problem) {
            elector.shutdown();
            throw problem;
        }
        Future<?> election = elector.start();
        worker.start();
        return new Parts(elector, election, worker);
    }

    // Guarded by this.
    private void end() throws InterruptedException {
        if (parts != null) {
            Parts old = parts;
            parts = null;
            old.end();
        }
    }

    /// Waits for its end, but not for long: an auditor with a lost bookie in mind takes half a
    /// minute, which nobody needs.
    @Override
    public void close() {
        var over = new CountDownLatch(1);
        threads.start(
                "slipway-recovery-end",
                () -> {
                    try {
                        synchronized (this) {
                            closed = true;
                            end();
                        }
                    } catch (InterruptedException asked) {
                        Thread.currentThread().interrupt();
                    } finally {
                        over.countDown();
                    }
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
