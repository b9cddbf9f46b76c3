package dev.slipway.coordinator.servers;

import dev.slipway.coordinator.settings.Address;
import dev.slipway.error.ErrorCode;
import dev.slipway.error.SlipwayException;
import dev.slipway.time.Threads;

import org.apache.zookeeper.server.DatadirCleanupManager;
import org.apache.zookeeper.server.ServerConfig;
import org.apache.zookeeper.server.ZooKeeperServerMain;
import org.apache.zookeeper.server.quorum.QuorumPeer;
import org.apache.zookeeper.server.quorum.QuorumPeerConfig;
import org.apache.zookeeper.server.quorum.QuorumPeerMain;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/// A ZooKeeper server in this JVM, alone or as one of an ensemble. A process of its own in
/// production, so that no pause of a coordinator ends its session.
public final class LocalZooKeeper implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LocalZooKeeper.class);
    private static final String MY_ID = "myid";

    private final Address address;
    private final DatadirCleanupManager cleaner;
    private final Body body;
    private final CompletableFuture<Void> started = new CompletableFuture<>();
    private final CompletableFuture<String> ended = new CompletableFuture<>();

    /// ZooKeeper's own main class of either kind.
    private interface Body {
        /// Blocks until the server ends.
        void run() throws Exception;

        void stop();
    }

    private LocalZooKeeper(Address address, QuorumPeerConfig configuration) {
        this.address = address;
        this.cleaner =
                new DatadirCleanupManager(
                        configuration.getDataDir(),
                        configuration.getDataLogDir(),
                        configuration.getSnapRetainCount(),
                        configuration.getPurgeInterval());
        this.body = configuration.isDistributed() ? oneOf(configuration) : alone(configuration);
    }

    /// Starts it and waits until it listens; one of an ensemble may still lack a majority then.
    ///
    /// @throws SlipwayException INVALID_ARGUMENT for settings that cannot be used, STORAGE_FAILED
    ///   when the data cannot be read or belongs to another server
    public static LocalZooKeeper start(ZooKeeperSettings settings, Threads threads)
            throws InterruptedException {
        Address address = ServerPorts.available("--listen", settings.listen());
        Optional.ofNullable(settings.servers().get(settings.id()))
                .ifPresent(
                        peer -> {
                            ServerPorts.available(
                                    "--servers", new Address(peer.host(), peer.peerPort()));
                            ServerPorts.available(
                                    "--servers", new Address(peer.host(), peer.electionPort()));
                        });
        try {
            identify(settings);
            var server = new LocalZooKeeper(address, configuration(settings, address));
            server.cleaner.start();
            threads.startOwner("slipway-zookeeper", server::run);
            server.started.get();
            return server;
        } catch (ExecutionException failed) {
            throw unusable(settings.data(), failed.getCause() == null ? failed : failed.getCause());
        } catch (IOException | QuorumPeerConfig.ConfigException problem) {
            throw unusable(settings.data(), problem);
        }
    }

    private static SlipwayException unusable(Path data, Throwable problem) {
        return new SlipwayException(
                ErrorCode.STORAGE_FAILED,
                "ZooKeeper on %s cannot start: %s".formatted(data, problem.getMessage()),
                problem);
    }

    /// Writes the server's number beside its data, or checks it.
    private static void identify(ZooKeeperSettings settings) throws IOException {
        Files.createDirectories(settings.data());
        Path file = settings.data().resolve(MY_ID);
        String own = Integer.toString(settings.id());
        if (Files.exists(file)) {
            String kept = Files.readString(file).strip();
            if (!kept.equals(own)) {
                throw new SlipwayException(
                        ErrorCode.STORAGE_FAILED,
                        "--data: %s belongs to server %s, not %s (0 is one without --servers)"
                                .formatted(settings.data(), kept, own));
            }
        } else {
            Files.writeString(file, own + "\n");
        }
    }

    private static QuorumPeerConfig configuration(ZooKeeperSettings settings, Address address)
            throws IOException, QuorumPeerConfig.ConfigException {
        var values = new Properties();
        values.setProperty("dataDir", settings.data().toString());
        values.setProperty("clientPort", Integer.toString(address.port()));
        values.setProperty("clientPortAddress", address.host());
        // Sessions end at a tick: a dead member is noticed a quarter of a second late at most.
        values.setProperty("tickTime", "250");
        values.setProperty("minSessionTimeout", "2000");
        values.setProperty("maxSessionTimeout", "60000");
        values.setProperty("initLimit", "40");
        values.setProperty("syncLimit", "20");
        values.setProperty("maxClientCnxns", "500");
        values.setProperty("autopurge.snapRetainCount", "3");
        values.setProperty("autopurge.purgeInterval", "1");
        values.setProperty("preAllocSize", "4096");
        // No second door, and of the four-letter words only the harmless ones.
        values.setProperty("admin.enableServer", "false");
        values.setProperty("4lw.commands.whitelist", "ruok,srvr");
        values.setProperty("jmx.log4j.disable", "true");
        settings.servers()
                .forEach(
                        (id, peer) ->
                                values.setProperty(
                                        "server." + id,
                                        "%s:%d:%d"
                                                .formatted(
                                                        peer.host(),
                                                        peer.peerPort(),
                                                        peer.electionPort())));
        var configuration = new QuorumPeerConfig();
        configuration.parseProperties(values);
        return configuration;
    }

    private Body alone(QuorumPeerConfig configuration) {
        var main =
                new ZooKeeperServerMain() {
                    @Override
                    protected void serverStarted() {
                        started.complete(null);
                    }
                };
        return new Body() {
            @Override
            public void run() throws Exception {
                var own = new ServerConfig();
                own.readFrom(configuration);
                main.runFromConfig(own);
            }

            @Override
            public void stop() {
                main.close();
            }
        };
    }

    private Body oneOf(QuorumPeerConfig configuration) {
        var main =
                new QuorumPeerMain() {
                    @Override
                    protected QuorumPeer getQuorumPeer() throws javax.security.sasl.SaslException {
                        return new QuorumPeer() {
                            @Override
                            public synchronized void start() {
                                super.start();
                                started.complete(null);
                            }
                        };
                    }
                };
        return new Body() {
            @Override
            public void run() throws Exception {
                main.runFromConfig(configuration);
            }

            @Override
            public void stop() {
                main.close();
            }
        };
    }

    private void run() {
        String why = "it stopped";
        try {
            body.run();
        } catch (Exception problem) {
            LOG.error("ZooKeeper failed.", problem);
            started.completeExceptionally(problem);
            why = problem.toString();
        }
        started.completeExceptionally(new IOException(why));
        ended.complete(why);
    }

    /// Where it listens for clients.
    public Address address() {
        return address;
    }

    /// Waits until it ends by itself.
    ///
    /// @return why
    public String awaitFailure() throws InterruptedException {
        try {
            return ended.get();
        } catch (ExecutionException never) {
            throw new IllegalStateException(never);
        }
    }

    /// Ends it in order. Another start on the same data goes on.
    @Override
    public void close() {
        cleaner.shutdown();
        body.stop();
        ended.join();
    }
}
