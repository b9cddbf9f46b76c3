package dev.slipway.coordinator.servers;

import dev.slipway.coordinator.cluster.ZooKeeperConnection;
import dev.slipway.coordinator.settings.Address;
import dev.slipway.error.ErrorCode;
import dev.slipway.error.SlipwayException;
import dev.slipway.id.Ids;
import dev.slipway.time.Threads;
import dev.slipway.time.Timers;

import org.apache.bookkeeper.bookie.BookieException;
import org.apache.bookkeeper.client.BookKeeperAdmin;
import org.apache.bookkeeper.common.component.LifecycleComponentStack;
import org.apache.bookkeeper.conf.ServerConfiguration;
import org.apache.bookkeeper.proto.BookieServer;
import org.apache.bookkeeper.server.EmbeddedServer;
import org.apache.bookkeeper.server.conf.BookieConfiguration;
import org.apache.curator.framework.CuratorFramework;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/// Apache BookKeeper's bookie in this JVM, with auto-recovery. A process of its own in production:
/// a bookie that fails an assertion or its disk may end its JVM.
public final class LocalBookie implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LocalBookie.class);

    private static final Duration SESSION = Duration.ofSeconds(10);
    private static final String LEDGERS = "/ledgers";
    private static final String LAYOUT = LEDGERS + "/LAYOUT";

    /// How often and how long to wait for another bookie that makes the cluster's metadata.
    private static final Duration LOOK = Duration.ofMillis(100);

    private static final int LOOKS = 50;

    private final String id;
    private final Address address;
    private final EmbeddedServer server;
    private final LifecycleComponentStack components;
    private final AutoRecovery recovery;
    private final CompletableFuture<String> failure = new CompletableFuture<>();
    private volatile boolean closed;

    private LocalBookie(String id, Address address, EmbeddedServer server, AutoRecovery recovery) {
        this.id = id;
        this.address = address;
        this.server = server;
        this.components = server.getLifecycleComponentStack();
        this.recovery = recovery;
    }

    /// Starts it; the first one in a cluster makes the cluster's metadata.
    ///
    /// @throws SlipwayException INVALID_ARGUMENT for an address that cannot be used, STORAGE_FAILED
    ///   when ZooKeeper does not answer or the data belongs elsewhere
    public static LocalBookie start(
            BookieSettings settings, Ids ids, Threads threads, Timers timers)
            throws InterruptedException {
        Address address = ServerPorts.available("--listen", settings.listen());
        String id = BookieIdentity.of(settings.data(), address, ids);
        ServerConfiguration configuration = BookieConfigurations.of(settings, id, address);
        makeCluster(settings, configuration, timers);
        try {
            EmbeddedServer server =
                    EmbeddedServer.builder(new BookieConfiguration(configuration)).build();
            var recovery = new AutoRecovery(id, configuration, threads, timers);
            var bookie = new LocalBookie(id, address, server, recovery);
            bookie.components.setExceptionHandler(
                    (thread, problem) -> bookie.failed(thread.getName(), problem));
            bookie.components.start();
            recovery.start();
            return bookie;
        } catch (InterruptedException asked) {
            throw asked;
        } catch (Exception problem) {
            throw explain(settings, problem);
        }
    }

    /// Several first bookies may come here together: one wins, the others find its work.
    private static void makeCluster(
            BookieSettings settings, ServerConfiguration configuration, Timers timers)
            throws InterruptedException {
        try (CuratorFramework zooKeeper = ZooKeeperConnection.open(settings.zooKeeper(), SESSION)) {
            if (zooKeeper.checkExists().forPath(LEDGERS) == null) {
                tryToMakeCluster(configuration);
            }
            for (int look = 0; zooKeeper.checkExists().forPath(LAYOUT) == null; look++) {
                if (look == LOOKS) {
                    // Whoever began it is gone. The bookie's own start makes what is missing.
                    return;
                }
                timers.pause(LOOK);
            }
        } catch (InterruptedException | SlipwayException problem) {
            throw problem;
        } catch (Exception problem) {
            throw explain(settings, problem);
        }
    }

    private static void tryToMakeCluster(ServerConfiguration configuration)
            throws InterruptedException {
        try {
            if (BookKeeperAdmin.initNewCluster(configuration)) {
                LOG.info("Made the metadata of a new BookKeeper cluster.");
            }
        } catch (InterruptedException asked) {
            throw asked;
        } catch (Exception faster) {
            // Lost against another bookie, or something that the bookie's start says better.
            LOG.debug("The cluster's metadata was not made here.", faster);
        }
    }

    private static SlipwayException explain(BookieSettings settings, Exception problem) {
        Path data = settings.data();
        for (Throwable cause = problem; cause != null; cause = cause.getCause()) {
            if (cause instanceof BookieException.InvalidCookieException) {
                return new SlipwayException(
                        ErrorCode.STORAGE_FAILED,
                        ("--data: %s belongs to another cluster than ZooKeeper %s, or its bookie"
                             + " was removed from it (%s). Start it with its own ZooKeeper, or give"
                             + " an empty directory for a new bookie.")
                                .formatted(data, settings.zooKeeper(), cause.getMessage()),
                        problem);
            }
        }
        return new SlipwayException(
                ErrorCode.STORAGE_FAILED,
                "the bookie on %s cannot start: %s".formatted(data, problem),
                problem);
    }

    /// A bookie whose threads end tells so too when that was wanted.
    private void failed(String thread, Throwable problem) {
        if (!closed) {
            LOG.error("The bookie failed. thread={}", thread, problem);
            failure.complete(problem + " in " + thread);
        }
    }

    /// BookKeeper's own object; tests let it stand still.
    BookieServer server() {
        return server.getBookieService().getServer();
    }

    /// Its name in the cluster.
    public String id() {
        return id;
    }

    /// Where it listens.
    public Address address() {
        return address;
    }

    /// Waits until it fails.
    ///
    /// @return why
    public String awaitFailure() throws InterruptedException {
        try {
            return failure.get();
        } catch (ExecutionException never) {
            throw new IllegalStateException(never);
        }
    }

    /// Ends it in order. Another start on the same data goes on.
    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        recovery.close();
        components.stop();
        components.close();
    }
}
