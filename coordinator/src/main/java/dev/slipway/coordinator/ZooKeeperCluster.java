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

import org.apache.curator.framework.CuratorFramework;

/// The way to a cluster whose registry is ZooKeeper and whose logs are BookKeeper's.
public final class ZooKeeperCluster implements ClusterAccess {
    @Override
    public Cluster open(CoordinatorSettings settings, Coordinator.Ports ports)
            throws InterruptedException {
        ClusterSettings cluster = settings.cluster().orElseThrow();
        ZooKeeperAddress address = cluster.zookeeper();
        CuratorFramework zooKeeper = ZooKeeperConnection.open(address, cluster.sessionTimeout());
        try {
            ClusterLogs logs =
                    BookKeeperLogs.open(
                            zooKeeper,
                            LogsSettings.standard(address.ledgersUri()),
                            new LogsPorts(
                                    ports.clock(), ports.timers(), ports.threads(), ports.ids()));
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
}
