package dev.slipway.coordinator.journal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.coordinator.journal.InMemoryClusterLogs.Fault;
import dev.slipway.coordinator.model.FarmState;
import dev.slipway.error.SlipwayException;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;

/// Sends a history through a cluster whose leaders die at random, and compares everybody's state
/// and rows with those of whoever made the history.
public final class Replicas {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private Replicas() {}

    /// @param entries the whole history
    /// @param live the state that it led to
    /// @param folder for log segments
    public static void check(List<Entry> entries, FarmState live, Random random, Path folder)
            throws Exception {
        try (var cluster = new ReplicaFixture(folder)) {
            List<ReplicaFixture.Member> members =
                    List.of(cluster.member("a"), cluster.member("b"), cluster.member("c"));
            members.forEach(ReplicaFixture.Member::follow);
            int leads = 0;
            int next = 0;
            ReplicaFixture.Leader leader = members.get(leads).lead();
            while (next < entries.size()) {
                boolean dies = random.nextInt(40) == 0;
                if (dies) {
                    cluster.logs.next(
                            random.nextBoolean() ? Fault.REFUSED : Fault.ACKNOWLEDGEMENT_LOST);
                }
                try {
                    leader.replay(entries.get(next));
                    next++;
                } catch (SlipwayException died) {
                    members.get(leads).follow();
                    leads = random.nextInt(members.size());
                    leader = members.get(leads).lead();
                    next = (int) leader.state().position();
                }
            }
            String digest = StateDigest.of(live);
            assertThat(StateDigest.of(leader.state())).as("leader").isEqualTo(digest);
            for (ReplicaFixture.Member member : members) {
                Follower follower = member.follow();
                assertThat(follower.await(entries.size(), PATIENCE)).as("caught up").isTrue();
                assertThat(member.digest()).as("standby").isEqualTo(digest);
                assertThat(member.rows()).as("rows").isEqualTo(members.getFirst().rows());
            }
        }
    }
}
