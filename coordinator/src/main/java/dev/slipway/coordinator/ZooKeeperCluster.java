package dev.slipway.coordinator;

import dev.slipway.coordinator.cluster.ZooKeeperConnection;
import dev.slipway.coordinator.cluster.ZooKeeperElection;
import dev.slipway.coordinator.cluster.ZooKeeperMembership;
import dev.slipway.coordinator.engine.Membership;
import dev.slipway.coordinator.journal.BookKeeperLogs;
import dev.slipway.coordinator.journal.ClusterLogs;
import dev.slipway.coordinator.journal.LogsPorts;
import dev.slipway.coordinator.journal.LogsSettings;
import dev.slipway.coordinator.settings.ClusterSettings;
import dev.slipway.coordinator.settings.CoordinatorSettings;
import dev.slipway.coordinator.settings.ZooKeeperAddress;
import dev.slipway.error.SlipwayException;

import org.apache.curator.framework.CuratorFramework;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;

/// The way to a cluster whose registry is ZooKeeper and whose logs are BookKeeper's.
public final class ZooKeeperCluster implements ClusterAccess {
    private static final Logger LOG = LoggerFactory.getLogger(ZooKeeperCluster.class);

    /// Bookies may be started together with coordinators, or a moment later.
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private static final Duration PAUSE = Duration.ofSeconds(1);

    @Override
    public Cluster open(CoordinatorSettings settings, Coordinator.Ports ports)
            throws InterruptedException {
        ClusterSettings cluster = settings.cluster().orElseThrow();
        ZooKeeperAddress address = cluster.zookeeper();
        CuratorFramework zooKeeper = ZooKeeperConnection.open(address, cluster.sessionTimeout());
        try {
            ClusterLogs logs = logs(zooKeeper, address, ports);
            Membership membership =
                    new ZooKeeperMembership(
                            zooKeeper,
                            new ZooKeeperElection(
                                    zooKeeper,
                                    ports.ids().fresh(),
                                    ports.clock(),
                                    ports.timers(),
                                    ports.threads()));
            return new Cluster(zooKeeper, logs, membership, Pace.STANDARD);
        } catch (RuntimeException | InterruptedException problem) {
            zooKeeper.close();
            throw problem;
        }
    }

    private static ClusterLogs logs(
            CuratorFramework zooKeeper, ZooKeeperAddress address, Coordinator.Ports ports)
            throws InterruptedException {
        Duration end = ports.clock().uptime().plus(PATIENCE);
        boolean told = false;
        while (true) {
            try {
                return BookKeeperLogs.open(
                        zooKeeper,
                        LogsSettings.standard(address.ledgersUri()),
                        new LogsPorts(ports.clock(), ports.timers(), ports.threads(), ports.ids()));
            } catch (SlipwayException problem) {
                if (ports.clock().uptime().compareTo(end) > 0) {
                    throw problem;
                }
                if (!told) {
                    LOG.info("Waiting for bookies. why={}", problem.getMessage());
                    told = true;
                }
                ports.timers().pause(PAUSE);
            }
        }
    }
}
