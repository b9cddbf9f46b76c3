package dev.slipway.coordinator.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.coordinator.TestCluster;
import dev.slipway.coordinator.journal.ClusterLogs.Claim;
import dev.slipway.coordinator.journal.ClusterLogs.LogEntry;
import dev.slipway.coordinator.journal.ClusterLogs.LogName;
import dev.slipway.coordinator.servers.StandingStill;
import dev.slipway.error.ErrorCode;
import dev.slipway.error.SlipwayException;

import org.apache.bookkeeper.client.api.LedgerMetadata;
import org.apache.bookkeeper.net.BookieId;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;

class BookieFailuresIT {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    @TempDir Path folder;
    private TestCluster cluster;
    private BookKeeperLogs leader;
    private Claim claim;
    private Appender appender;

    @BeforeEach
    void start() throws Exception {
        cluster = new TestCluster(folder, 3);
        leader = cluster.member();
        claim = leader.claim();
        appender = new Appender("a", claim.open(LogName.CONTROL), 1);
        appender.append(100);
        appender.awaitDurable();
    }

    @AfterEach
    void stop() {
        claim.close();
        cluster.close();
    }

    private interface Condition {
        boolean holds() throws Exception;
    }

    private void await(String what, Condition condition) throws Exception {
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(40);
        while (!condition.holds()) {
            assertThat(System.nanoTime()).as("waited for 40 s: " + what).isLessThan(until);
            cluster.timers.pause(Duration.ofMillis(20));
        }
    }

    private LedgerMetadata lastLedger() throws Exception {
        long id = leader.node().current().ledgers(LogName.CONTROL).getLast().id();
        return leader.ledgers().metadata(id);
    }

    private Collection<BookieId> bookiesOf(LedgerMetadata ledger) {
        return ledger.getAllEnsembles().lastEntry().getValue();
    }

    private BookieId bookie(int number) {
        return BookieId.parse(cluster.bookie(number).id());
    }

    private void assertAllRead(BookKeeperLogs logs, long last) throws Exception {
        var read = new ArrayList<Long>();
        while (read.size() < last) {
            List<LogEntry> some = logs.read(LogName.CONTROL, read.size(), 1000, PATIENCE);
            assertThat(some).as("after %d", read.size()).isNotEmpty();
            some.forEach(entry -> read.add(entry.position()));
        }
        assertThat(read)
                .containsExactlyElementsOf(LongStream.rangeClosed(1, last).boxed().toList());
    }

    @Test
    void logGoesOnWithTwoCopiesWhenABookieIsLostAndWithThreeWhenItIsBack() throws Exception {
        appender.append(200);
        cluster.stopBookie(0);
        appender.append(200);
        appender.awaitDurable();

        await("a ledger without it", () -> !bookiesOf(lastLedger()).contains(bookie(0)));
        assertThat(lastLedger().getWriteQuorumSize()).isEqualTo(2);
        assertThat(lastLedger().getAckQuorumSize()).isEqualTo(2);
        appender.append(100);
        appender.awaitDurable();

        cluster.restartBookie(0);

        await("a ledger with three", () -> lastLedger().getWriteQuorumSize() == 3);
        appender.append(100);
        appender.awaitDurable();
        assertThat(appender.durable())
                .containsExactlyElementsOf(LongStream.rangeClosed(1, 700).boxed().toList());
        assertAllRead(cluster.member(), 700);
    }

    @Test
    void idleLogLeavesALostBookie() throws Exception {
        cluster.stopBookie(1);

        await("a ledger without it", () -> !bookiesOf(lastLedger()).contains(bookie(1)));

        appender.append(1);
        appender.awaitDurable();
    }

    @Test
    void bookieThatStandsStillIsLeftWhileItIsRegistered() throws Exception {
        StandingStill.stop(cluster.bookie(0));

        appender.append(100);
        appender.awaitDurable();

        await("a ledger without it", () -> !bookiesOf(lastLedger()).contains(bookie(0)));
        assertThat(leader.ledgers().bookies().alive()).doesNotContain(bookie(0)).hasSize(2);
        appender.append(100);
        appender.awaitDurable();
        StandingStill.goOn(cluster.bookie(0));
        assertAllRead(leader, 300);
    }

    @Test
    void oneBookieLeftRefusesWritesAndStillReads() throws Exception {
        cluster.stopBookie(0);
        cluster.stopBookie(1);

        assertThatThrownBy(
                        () -> {
                            while (true) {
                                appender.append(1);
                                cluster.timers.pause(Duration.ofMillis(5));
                            }
                        })
                .isInstanceOfSatisfying(
                        SlipwayException.class,
                        problem -> {
                            assertThat(problem.code()).isEqualTo(ErrorCode.STORAGE_FAILED);
                            assertThat(problem)
                                    .hasMessageContaining("writing needs 2 bookies")
                                    .hasMessageContaining(cluster.bookie(2).id());
                        });

        long last = appender.durable().getLast();
        assertAllRead(leader, last);
        cluster.restartBookie(0);
        await("two bookies", () -> leader.ledgers().bookies().alive().size() == 2);
        try (Claim again = leader.claim()) {
            assertThat(again.end(LogName.CONTROL)).isGreaterThanOrEqualTo(last);
            var next =
                    new Appender("b", again.open(LogName.CONTROL), again.end(LogName.CONTROL) + 1);
            next.append(10);
            next.awaitDurable();
        }
    }

    /// A whole machine goes down, and ZooKeeper is the first to end.
    @Test
    @Timeout(120)
    void memberEndsAlthoughZooKeeperIsGone() throws Exception {
        TestCluster.Restart zooKeeper = cluster.stopZooKeeper();

        claim.close();
        leader.close();

        assertThatThrownBy(() -> appender.append(1)).isInstanceOf(SlipwayException.class);
        zooKeeper.start();
        // The ledger was left open: whoever leads next recovers it.
        BookKeeperLogs other = cluster.member();
        try (Claim next = other.claim()) {
            assertThat(next.end(LogName.CONTROL)).isEqualTo(100);
            assertAllRead(other, 100);
        }
    }

    /// C misses writes and returns, A's disk is erased, then B is killed.
    @Test
    void copiesAreMadeAgainUntilAnyOneBookieMayBeLost() throws Exception {
        appender.append(200);
        cluster.stopBookie(2);
        appender.append(200);
        appender.awaitDurable();
        await("a ledger without C", () -> !bookiesOf(lastLedger()).contains(bookie(2)));
        appender.append(100);
        appender.awaitDurable();
        cluster.restartBookie(2);
        await("a ledger with three", () -> lastLedger().getWriteQuorumSize() == 3);
        appender.append(100);
        appender.awaitDurable();

        BookieId erased = bookie(0);
        cluster.stopBookie(0);
        cluster.eraseBookie(0);
        cluster.restartBookie(0);

        assertThat(bookie(0)).isNotEqualTo(erased);
        await("copies of what A had", () -> nothingIsOn(erased));
        await("a ledger with three", () -> lastLedger().getWriteQuorumSize() == 3);
        claim.close();
        cluster.stopBookie(1);
        assertAllRead(cluster.member(), 700);
    }

    private boolean nothingIsOn(BookieId bookie) throws Exception {
        for (var ledger : leader.node().refresh().ledgers(LogName.CONTROL)) {
            for (var ensemble : leader.ledgers().metadata(ledger.id()).getAllEnsembles().values()) {
                if (ensemble.contains(bookie)) {
                    return false;
                }
            }
        }
        return true;
    }
}
