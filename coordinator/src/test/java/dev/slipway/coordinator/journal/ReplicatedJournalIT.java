package dev.slipway.coordinator.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.coordinator.journal.ClusterLogs.Claim;
import dev.slipway.coordinator.journal.ClusterLogs.LogName;
import dev.slipway.coordinator.journal.InMemoryClusterLogs.Fault;
import dev.slipway.coordinator.journal.ReplicaFixture.Leader;
import dev.slipway.coordinator.journal.ReplicaFixture.Member;
import dev.slipway.coordinator.model.Event;
import dev.slipway.error.ErrorCode;
import dev.slipway.error.SlipwayException;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/// What a leader was told is durable is there for the next one, wherever the first one died.
@Timeout(30)
class ReplicatedJournalIT {
    @TempDir Path folder;
    private ReplicaFixture cluster;
    private Member first;
    private Member second;

    @BeforeEach
    void open() throws Exception {
        cluster = new ReplicaFixture(folder);
        first = cluster.member("first");
        second = cluster.member("second");
    }

    @AfterEach
    void close() {
        cluster.close();
    }

    @Test
    void standbyHasWhatTheLeaderHas() throws Exception {
        Follower standby = second.follow();
        Leader leader = first.lead();
        leader.append(begun(leader));
        leader.append(drained("a1"), drained("a2"));

        assertThat(standby.await(2, Duration.ofSeconds(10))).isTrue();

        Map<String, String> drains = standby.read(farm -> Map.copyOf(farm.drains())).orElseThrow();
        assertThat(drains).containsOnlyKeys("a1", "a2");
        assertThat(second.rows()).isEqualTo(first.rows());
    }

    @Test
    void leaderThatDiedBeforeItsEntryWasDurableAcknowledgedNothing() throws Exception {
        Leader leader = first.lead();
        leader.append(begun(leader));
        cluster.logs.next(Fault.REFUSED);

        assertThatThrownBy(() -> leader.append(drained("a1"))).isInstanceOf(SlipwayException.class);

        assertThat(leader.failures()).isNotEmpty();
        assertThat(first.tables().position()).isEqualTo(1);
        assertThat(second.lead().state().drains()).isEmpty();
    }

    @Test
    void durableEntryThatItsLeaderNeverAppliedIsThereForTheNextOne() throws Exception {
        Leader leader = first.lead();
        leader.append(begun(leader));
        cluster.logs.next(Fault.ACKNOWLEDGEMENT_LOST);

        assertThatThrownBy(() -> leader.append(drained("a1"))).isInstanceOf(SlipwayException.class);

        assertThat(first.tables().position()).isEqualTo(1);
        Leader next = second.lead();
        assertThat(next.state().position()).isEqualTo(2);
        assertThat(next.state().drains()).containsOnlyKeys("a1");
        next.append(drained("a2"));
        assertThat(first.follow().await(3, Duration.ofSeconds(10))).isTrue();
        assertThat(first.rows()).isEqualTo(second.rows());
    }

    @Test
    void fencedLeaderCannotAcknowledge() throws Exception {
        Leader old = first.lead();
        old.append(begun(old));
        Leader next = second.lead();
        next.append(begun(next));

        assertThatThrownBy(() -> old.append(drained("a1")))
                .isInstanceOfSatisfying(
                        SlipwayException.class,
                        problem -> assertThat(problem.code()).isEqualTo(ErrorCode.NOT_LEADER));

        assertThat(first.tables().position()).isEqualTo(1);
        assertThat(next.state().epoch()).isEqualTo(2);
        assertThat(first.follow().await(2, Duration.ofSeconds(10))).isTrue();
        assertThat(first.rows()).isEqualTo(second.rows());
    }

    @Test
    void fencedInTheMiddleOfALongEntryLeavesNothingOfIt() throws Exception {
        Leader leader = first.lead();
        leader.append(begun(leader));
        cluster.logs.next(Fault.NONE, Fault.NONE, Fault.REFUSED);
        String longName = "x".repeat(3 << 20);

        assertThatThrownBy(() -> leader.append(drained(longName)))
                .isInstanceOf(SlipwayException.class);

        assertThat(cluster.logs.end(LogName.CONTROL)).isEqualTo(3);
        Leader next = second.lead();
        assertThat(next.state().position()).isEqualTo(1);
        next.append(drained(longName));
        next.append(drained("a1"));
        assertThat(first.follow().await(3, Duration.ofSeconds(10))).isTrue();
        assertThat(first.rows()).isEqualTo(second.rows());
    }

    @Test
    void standbyAppliesTheEndOfAnAttemptOnlyBehindItsOutput() throws Exception {
        Follower standby = second.follow();
        Leader leader = first.lead();
        leader.append(begun(leader));
        leader.leaseOneJob();
        leader.appendBare(leader.finished(1));

        assertThat(standby.await(3, Duration.ofMillis(300))).isFalse();
        assertThat(standby.position()).isEqualTo(2);
        leader.print(0, "late");

        assertThat(standby.await(3, Duration.ofSeconds(10))).isTrue();
        assertThat(second.logs().step(ReplicaFixture.STEP)).isPresent();
    }

    @Test
    void oldClientTokensAreForgottenByLeaderAndStandbyAlike() throws Exception {
        Follower standby = second.follow();
        Leader leader = first.lead();
        leader.append(begun(leader));
        leader.leaseOneJob();
        assertThat(first.rows().get("tokens")).hasSize(1);
        var muchLater = ReplicaFixture.AT.plus(Duration.ofHours(26));

        leader.append(new Event.AgentDrained("a1", "op", muchLater));

        assertThat(standby.await(3, Duration.ofSeconds(10))).isTrue();
        assertThat(first.rows().get("tokens")).isEmpty();
        assertThat(first.rows().get("token_times")).isEmpty();
        assertThat(second.rows()).isEqualTo(first.rows());
    }

    @Test
    void takingOverFollowsFromTheTables() throws Exception {
        Leader leader = first.lead();
        leader.append(begun(leader));
        leader.append(drained("a1"));
        second.follow().await(2, Duration.ofSeconds(10));
        second.stop();
        leader.append(drained("a2"));

        Leader next = second.lead();

        assertThat(next.state().drains()).containsOnlyKeys("a1", "a2");
        assertThat(StateDigest.of(next.state())).isEqualTo(StateDigest.of(leader.state()));
    }

    @Test
    void readerOfTrimmedEntriesIsToldToFetchACheckpoint() throws Exception {
        Leader leader = first.lead();
        leader.append(begun(leader));
        leader.append(drained("a1"));
        leader.journal().trim(2, 0);

        second.follow();

        assertThat(second.awaitStop().code()).isEqualTo(ErrorCode.POSITION_TRIMMED);
    }

    @Test
    void closedJournalWaitsForNothing() throws Exception {
        Leader leader = first.lead();
        leader.append(begun(leader));
        cluster.logs.next(Fault.ACKNOWLEDGEMENT_HELD);
        var closer = Thread.ofVirtual().start(leader.journal()::close);

        assertThatThrownBy(() -> leader.append(drained("a1"))).isInstanceOf(SlipwayException.class);

        closer.join();
    }

    private static Event begun(Leader leader) {
        return new Event.EpochRaised("farm", leader.journal().epoch(), ReplicaFixture.AT);
    }

    private static Event drained(String agent) {
        return new Event.AgentDrained(agent, "op", ReplicaFixture.AT);
    }

    /// The claim's ends are what an earlier leader was told is durable.
    @Test
    void claimKnowsTheEndsOfBothLogs() throws Exception {
        Leader leader = first.lead();
        leader.append(begun(leader));
        leader.leaseOneJob();
        leader.print(0, "one");

        try (Claim claim = cluster.logs.member().claim()) {
            assertThat(claim.epoch()).isEqualTo(2);
            assertThat(claim.end(LogName.CONTROL)).isEqualTo(2);
            assertThat(claim.end(LogName.OUTPUT)).isEqualTo(1);
        }
    }
}
