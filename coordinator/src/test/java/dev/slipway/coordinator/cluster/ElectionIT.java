package dev.slipway.coordinator.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.coordinator.TestCluster;
import dev.slipway.coordinator.engine.Membership.Member;
import dev.slipway.coordinator.engine.Membership.Progress;
import dev.slipway.coordinator.engine.Membership.Self;

import org.apache.curator.framework.CuratorFramework;
import org.apache.zookeeper.Watcher.Event.KeeperState;
import org.apache.zookeeper.ZooKeeper;
import org.apache.zookeeper.data.Stat;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

class ElectionIT {
    private static final Duration SESSION = Duration.ofSeconds(4);

    @TempDir Path folder;
    private TestCluster cluster;
    private final List<Election> elections = new ArrayList<>();

    @BeforeEach
    void start() throws Exception {
        cluster = new TestCluster(folder, 0);
    }

    @AfterEach
    void stop() {
        elections.forEach(Election::close);
        cluster.close();
    }

    /// A member that stands for election, and what it was told.
    private final class Standing implements Election.Candidate {
        final CuratorFramework client;
        final Election election;
        final BlockingQueue<String> told = new LinkedBlockingQueue<>();

        Standing(String name) throws InterruptedException {
            client = cluster.connect(SESSION);
            election =
                    new ZooKeeperElection(
                            client, name, cluster.clock, cluster.timers, cluster.threads);
            elections.add(election);
            election.start(this);
        }

        @Override
        public void elected() {
            told.add("elected");
        }

        @Override
        public void deposed(String reason) {
            told.add("deposed: " + reason);
        }

        String next() throws InterruptedException {
            return told.poll(20, TimeUnit.SECONDS);
        }

        boolean mayAct() {
            return election.authority().valid();
        }

        void awaitLead() throws InterruptedException {
            assertThat(next()).isEqualTo("elected");
            await(this::mayAct);
        }
    }

    private void await(BooleanSupplier condition) throws InterruptedException {
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("waited for 20 s").isLessThan(until);
            cluster.timers.pause(Duration.ofMillis(10));
        }
    }

    /// What ZooKeeper does with a member that is silent for too long, at once.
    private void expireSession(CuratorFramework client) throws Exception {
        ZooKeeper own = client.getZookeeperClient().getZooKeeper();
        // Whoever closes before it is connected may close nothing.
        var connected = new CountDownLatch(1);
        var other =
                new ZooKeeper(
                        cluster.address().toString(),
                        own.getSessionTimeout(),
                        event -> {
                            if (event.getState() == KeeperState.SyncConnected) {
                                connected.countDown();
                            }
                        },
                        own.getSessionId(),
                        own.getSessionPasswd());
        assertThat(connected.await(20, TimeUnit.SECONDS)).isTrue();
        other.close();
    }

    @Test
    void oneMemberLeadsAndTheNextFollowsWhenItGoes() throws Exception {
        var first = new Standing("first");
        first.awaitLead();
        var second = new Standing("second");

        assertThat(second.told).isEmpty();
        assertThat(second.mayAct()).isFalse();
        first.election.close();

        second.awaitLead();
        assertThat(first.mayAct()).isFalse();
        assertThat(first.told).isEmpty();
    }

    @Test
    void memberThatResignsQueuesBehindTheOthers() throws Exception {
        var first = new Standing("first");
        first.awaitLead();
        var second = new Standing("second");
        await(() -> queued() == 2);

        first.election.resign();

        assertThat(first.next()).startsWith("deposed: it gave the lead away");
        second.awaitLead();
        assertThat(first.mayAct()).isFalse();
        await(() -> queued() == 2);
        second.election.resign();
        first.awaitLead();
    }

    private int queued() {
        try {
            return elections.isEmpty()
                    ? 0
                    : cluster.connect(SESSION).getChildren().forPath(ZooKeeperElection.PATH).size();
        } catch (Exception problem) {
            throw new IllegalStateException(problem);
        }
    }

    @Test
    void lostSessionDeposesAndTheMemberComesBackAsAStandby() throws Exception {
        var first = new Standing("first");
        first.awaitLead();
        var second = new Standing("second");
        await(() -> queued() == 2);

        expireSession(first.client);

        assertThat(first.next()).startsWith("deposed: its session with ZooKeeper was lost");
        assertThat(first.mayAct()).isFalse();
        second.awaitLead();
        await(() -> queued() == 2);
        second.election.close();
        first.awaitLead();
    }

    @Test
    void lostConnectionTakesTheAuthorityAndNotTheLead() throws Exception {
        var first = new Standing("first");
        first.awaitLead();

        TestCluster.Restart restart = cluster.stopZooKeeper();
        await(() -> !first.mayAct());
        restart.start();

        await(first::mayAct);
        assertThat(first.told).isEmpty();
    }

    @Test
    void membersAreSeenWhileTheirSessionLives() throws Exception {
        CuratorFramework one = cluster.connect(SESSION);
        CuratorFramework onlooker = cluster.connect(SESSION);
        var self = member("1", false, 0, 0);
        var other = member("2", true, 7, 120);
        try (MemberNodes here = MemberNodes.join(one, self, () -> {});
                MemberNodes there = MemberNodes.join(cluster.connect(SESSION), other, () -> {})) {
            await(() -> here.members().equals(List.of(self, other)));
            assertThat(here.leader()).contains(other);
            var moved = member("1", false, 7, 100);

            here.update(moved);

            await(() -> there.members().contains(moved));
            long before = sessionOf(onlooker, "1");
            expireSession(one);
            // It may be back before anybody can see that it was gone: in another session.
            await(() -> sessionOf(onlooker, "1") != before && sessionOf(onlooker, "1") != 0);
            await(() -> there.members().equals(List.of(moved, other)));
        }
        await(() -> sessionOf(onlooker, "1") == 0);
    }

    /// Whose session keeps a member's node; 0 when there is no node.
    private static long sessionOf(CuratorFramework onlooker, String member) {
        try {
            Stat node = onlooker.checkExists().forPath("/members/" + member);
            return node == null ? 0 : node.getEphemeralOwner();
        } catch (Exception unreachable) {
            throw new IllegalStateException(unreachable);
        }
    }

    private static Member member(String id, boolean leads, long epoch, long control) {
        return new Member(
                new Self(id, "host-" + id + ":7433", "0.1.0"),
                new Progress(leads, epoch, control, control, 3, control, 2));
    }
}
