package dev.slipway.coordinator.servers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.coordinator.cluster.ZooKeeperConnection;
import dev.slipway.coordinator.settings.Address;
import dev.slipway.coordinator.settings.ZooKeeperAddress;
import dev.slipway.error.ErrorCode;
import dev.slipway.error.SlipwayException;
import dev.slipway.id.SecureIds;
import dev.slipway.time.SystemThreads;
import dev.slipway.time.SystemTimers;

import org.apache.curator.framework.CuratorFramework;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

class ServersIT {
    private static final Address ANY = new Address("127.0.0.1", 0);

    @TempDir Path folder;
    private final SystemTimers timers = new SystemTimers("test-timers");
    private final Deque<Runnable> started = new ArrayDeque<>();

    @AfterEach
    void stop() {
        while (!started.isEmpty()) {
            started.pop().run();
        }
        timers.close();
    }

    private LocalZooKeeper zooKeeper(
            String data, Address listen, int id, SortedMap<Integer, ZooKeeperSettings.Peer> servers)
            throws InterruptedException {
        LocalZooKeeper server =
                LocalZooKeeper.start(
                        new ZooKeeperSettings(folder.resolve(data), listen, id, servers),
                        new SystemThreads());
        started.push(server::close);
        return server;
    }

    private LocalBookie bookie(String data, ZooKeeperAddress zooKeeper)
            throws InterruptedException {
        LocalBookie bookie =
                LocalBookie.start(
                        new BookieSettings(
                                folder.resolve(data), ANY, zooKeeper, Duration.ofMinutes(1)),
                        new SecureIds(),
                        new SystemThreads(),
                        timers);
        started.push(bookie::close);
        return bookie;
    }

    @Test
    void bookieKeepsItsNameAndRefusesAnotherCluster() throws Exception {
        Address server = zooKeeper("zookeeper", ANY, 0, new TreeMap<>()).address();
        var own = new ZooKeeperAddress(List.of(server), "/own");
        LocalBookie first = bookie("bookie", own);
        first.close();

        LocalBookie again = bookie("bookie", own);
        assertThat(again.id()).isEqualTo(first.id());
        again.close();

        assertThatThrownBy(() -> bookie("bookie", new ZooKeeperAddress(List.of(server), "/other")))
                .isInstanceOfSatisfying(
                        SlipwayException.class,
                        problem -> assertThat(problem.code()).isEqualTo(ErrorCode.STORAGE_FAILED))
                .hasMessageContaining("belongs to another cluster");
    }

    @Test
    void addressInUseIsSaidBeforeAnythingStarts() throws Exception {
        LocalZooKeeper server = zooKeeper("zookeeper", ANY, 0, new TreeMap<>());

        assertThatThrownBy(() -> zooKeeper("second", server.address(), 0, new TreeMap<>()))
                .isInstanceOf(SlipwayException.class)
                .hasMessageContaining("--listen: cannot listen on " + server.address());
    }

    @Test
    void dataOfAnotherServerIsRefused() throws Exception {
        zooKeeper("zookeeper", ANY, 0, new TreeMap<>()).close();

        assertThatThrownBy(() -> zooKeeper("zookeeper", ANY, 1, peers()))
                .isInstanceOf(SlipwayException.class)
                .hasMessageContaining("belongs to server 0, not 1");
    }

    private static SortedMap<Integer, ZooKeeperSettings.Peer> peers() {
        var peers = new TreeMap<Integer, ZooKeeperSettings.Peer>();
        for (int id = 1; id <= 3; id++) {
            peers.put(
                    id,
                    new ZooKeeperSettings.Peer(
                            "127.0.0.1",
                            ServerPorts.available("test", ANY).port(),
                            ServerPorts.available("test", ANY).port()));
        }
        return peers;
    }

    @Test
    void ensembleOfThreeGoesOnWithoutOne() throws Exception {
        SortedMap<Integer, ZooKeeperSettings.Peer> peers = peers();
        var servers = new ArrayList<LocalZooKeeper>();
        for (int id = 1; id <= 3; id++) {
            servers.add(zooKeeper("zookeeper-" + id, ANY, id, peers));
        }
        var ensemble =
                new ZooKeeperAddress(
                        servers.stream().map(LocalZooKeeper::address).toList(), "/farm");
        try (CuratorFramework client = ZooKeeperConnection.open(ensemble, Duration.ofSeconds(10))) {
            client.create().forPath("/kept", "kept".getBytes(StandardCharsets.UTF_8));

            servers.getFirst().close();

            client.setData().forPath("/kept", "changed".getBytes(StandardCharsets.UTF_8));
            assertThat(client.getData().forPath("/kept")).asString().isEqualTo("changed");
        }
    }
}
