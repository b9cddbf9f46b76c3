package dev.slipway.coordinator.cluster;

import dev.slipway.coordinator.settings.ZooKeeperAddress;
import dev.slipway.error.ErrorCode;
import dev.slipway.error.SlipwayException;

import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.CuratorFrameworkFactory;
import org.apache.curator.framework.state.SessionConnectionStateErrorPolicy;
import org.apache.curator.retry.RetryNTimes;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/// Connects to the cluster's ZooKeeper.
public final class ZooKeeperConnection {
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(3);

    /// ZooKeeper servers may be started together with us, and elect before they answer.
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /// While the connection is lost each attempt waits for it up to CONNECT_TIMEOUT.
    private static final int RETRIES = 4;

    private static final int RETRY_PAUSE_MS = 200;

    private ZooKeeperConnection() {}

    /// Connects, and makes the chroot if it is missing.
    ///
    /// @param session how long ZooKeeper waits for a silent member before it is gone; the server
    ///   may bound it
    /// @return started and connected; whoever asked closes it
    /// @throws SlipwayException STORAGE_FAILED when no server answers in time
    public static CuratorFramework open(ZooKeeperAddress address, Duration session)
            throws InterruptedException {
        if (!address.chroot().isEmpty()) {
            try (CuratorFramework root = connect(address, address.hosts(), session)) {
                root.createContainers(address.chroot());
            } catch (InterruptedException | SlipwayException problem) {
                throw problem;
            } catch (Exception problem) {
                throw new SlipwayException(
                        ErrorCode.STORAGE_FAILED,
                        "ZooKeeper does not let us make %s: %s"
                                .formatted(address, problem.getMessage()),
                        problem);
            }
        }
        return connect(address, address.toString(), session);
    }

    private static CuratorFramework connect(
            ZooKeeperAddress address, String connectString, Duration session)
            throws InterruptedException {
        CuratorFramework client =
                CuratorFrameworkFactory.builder()
                        .connectString(connectString)
                        .sessionTimeoutMs(Math.toIntExact(session.toMillis()))
                        .connectionTimeoutMs(Math.toIntExact(CONNECT_TIMEOUT.toMillis()))
                        .retryPolicy(new RetryNTimes(RETRIES, RETRY_PAUSE_MS))
                        // The loss of one ZooKeeper server is no change of leader: only a lost
                        // session is an error.
                        .connectionStateErrorPolicy(new SessionConnectionStateErrorPolicy())
                        .dontUseContainerParents()
                        .build();
        client.start();
        boolean connected = false;
        try {
            connected =
                    client.blockUntilConnected(
                            Math.toIntExact(PATIENCE.toSeconds()), TimeUnit.SECONDS);
        } finally {
            if (!connected) {
                client.close();
            }
        }
        if (!connected) {
            throw new SlipwayException(
                    ErrorCode.STORAGE_FAILED,
                    "no ZooKeeper at %s answers; start it, or correct --zookeeper"
                            .formatted(address));
        }
        return client;
    }
}
