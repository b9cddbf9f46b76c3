package dev.slipway.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;

/// A farm of real processes loses its leader, by `kill -9` and by SIGSTOP: running jobs do not
/// notice, followers go on, no line is lost or doubled.
class FailoverE2E {
    private static final Duration LIMIT = Duration.ofSeconds(120);
    private static final int LEGS = 4;
    private static final int LINES = 300;

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    Path scratch;

    @Test
    void killedAndStoppedLeadersLoseNothing() throws IOException {
        var jobs = new NumberedJobs(scratch.resolve("project"), LEGS, LINES, "0.05");
        var shape = new Cluster.Shape(1, 3, 2, 2, Duration.ofSeconds(10));
        try (var cluster =
                new Cluster(new Slipway(scratch), scratch, new Place.Loopback(), shape)) {
            killedLeader(cluster, jobs);
            stoppedLeader(cluster, jobs);
        }
    }

    private void killedLeader(Cluster cluster, NumberedJobs jobs) throws IOException {
        long epoch = epoch(cluster);
        long run = submit(cluster, jobs);
        var follower = cluster.follow("follower", jobs.folder(), "logs", "" + run, "-f", "--raw");
        awaitLines(jobs, run, 20);

        Cluster.Member leader = cluster.leader();
        leader.kill();
        cluster.awaitOtherLeader(leader, LIMIT);
        leader.start();

        assertThat(epoch(cluster)).isGreaterThan(epoch);
        assertEndsWell(cluster, jobs, run);
        assertThat(follower.await(60)).as(follower.output()).isZero();
        assertThat(follower.output().lines().filter(line -> line.startsWith("leg ")))
                .containsExactlyInAnyOrderElementsOf(jobs.expectedLog());
        leader.awaitReady();
    }

    private void stoppedLeader(Cluster cluster, NumberedJobs jobs) throws IOException {
        long run = submit(cluster, jobs);
        var follower = cluster.follow("follower", jobs.folder(), "logs", "" + run, "-f", "--raw");
        awaitLines(jobs, run, 20);

        Cluster.Member leader = cluster.awaitLeader(LIMIT);
        leader.pause();
        cluster.awaitOtherLeader(leader, LIMIT);
        leader.resume();

        assertEndsWell(cluster, jobs, run);
        assertThat(follower.await(60)).as(follower.output()).isZero();
        assertThat(follower.output().lines().filter(line -> line.startsWith("leg ")))
                .containsExactlyInAnyOrderElementsOf(jobs.expectedLog());
        Eventually.holds(
                "the old leader follows, without a restart, and all stand at one position",
                LIMIT,
                () -> {
                    var members = cluster.run(scratch, "members", "--json");
                    var positions = MembersJson.positions(members.out());
                    return members.exit() == 0
                            && positions.size() == 2
                            && positions.stream().distinct().count() == 1;
                });
        assertThat(leader.alive()).isTrue();
    }

    private long submit(Cluster cluster, NumberedJobs jobs) {
        var submitted = cluster.run(jobs.folder(), "submit", jobs.workflow(), "--json").expect(0);
        return Long.parseLong(submitted.out().replaceAll("(?s).*\"run\"\\s*:\\s*(\\d+).*", "$1"));
    }

    private static void awaitLines(NumberedJobs jobs, long run, int lines) {
        Eventually.holds(
                "run %d prints".formatted(run),
                LIMIT,
                () -> {
                    try {
                        return jobs.starts(run, 1).stream().anyMatch(s -> s.lines() >= lines);
                    } catch (IOException problem) {
                        throw new AssertionError(problem);
                    }
                });
    }

    private long epoch(Cluster cluster) {
        return MembersJson.epoch(cluster.run(scratch, "members", "--json").expect(0).out());
    }

    private static void assertEndsWell(Cluster cluster, NumberedJobs jobs, long run)
            throws IOException {
        Eventually.holds(
                "run %d ends".formatted(run),
                LIMIT,
                () -> {
                    var shown = cluster.run(jobs.folder(), "show", "" + run, "--json");
                    return Farm.field(shown.out(), "status").equals("finished");
                });
        var shown = cluster.run(jobs.folder(), "show", "" + run, "--json");
        assertThat(Farm.field(shown.out(), "conclusion")).as(shown.out()).isEqualTo("success");
        assertThat(jobs.wrongStarts(run, false)).isEmpty();
        assertThat(cluster.run(jobs.folder(), "logs", "" + run, "--raw").expect(0).lines())
                .isEqualTo(jobs.expectedLog());
    }
}
