package dev.slipway.e2e;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// How long nothing is dispatched after `kill -9` of the leader: a queue of short jobs writes down
/// when each started; the leader is killed and started again, many times.
///
/// `testing/e2e/slipway-chaos failover --kills 30 --session 4`
public final class FailoverTimes {
    private static final int JOBS_AT_ONCE = 200;
    private static final Duration LIMIT = Duration.ofMinutes(2);

    private final Cluster cluster;
    private final Path project;
    private final Path starts;

    private FailoverTimes(Cluster cluster, Path scratch) throws IOException {
        this.cluster = cluster;
        this.project = scratch.resolve("project");
        this.starts = scratch.resolve("starts");
        Files.createFile(starts);
        Path workflows = Files.createDirectories(project.resolve(".github/workflows"));
        Files.writeString(
                workflows.resolve("short.yml"),
                """
                on: push
                jobs:
                  short:
                    runs-on: ubuntu-latest
                    strategy:
                      matrix:
                        leg: %s
                    steps:
                      - run: date +%%s%%6N >> '%s'; sleep 0.3
                """
                        .formatted(
                                java.util.stream.IntStream.rangeClosed(1, JOBS_AT_ONCE)
                                        .boxed()
                                        .toList(),
                                starts));
    }

    /// @param args `--kills N --session SECONDS`, both optional
    public static void main(String[] args) throws IOException, InterruptedException {
        int kills = (int) Chaos.option(args, "--kills", 30);
        long session = Chaos.option(args, "--session", 4);
        Path scratch = Files.createTempDirectory("slipway-failover");
        var shape = new Cluster.Shape(1, 3, 3, 2, Duration.ofSeconds(session));
        try (var cluster =
                new Cluster(new Slipway(scratch), scratch, new Place.Loopback(), shape)) {
            var times = new FailoverTimes(cluster, scratch);
            var gaps = new ArrayList<Double>();
            for (int kill = 1; kill <= kills; kill++) {
                gaps.add(times.killOnce());
                System.out.printf(Locale.ROOT, "kill %d: %.2f s%n", kill, gaps.getLast());
            }
            gaps.sort(null);
            System.out.printf(
                    Locale.ROOT,
                    "kill → next dispatch, session %d s: min %.2f, p50 %.2f, p90 %.2f, max %.2f s"
                            + " (%d kills)%n",
                    session,
                    gaps.getFirst(),
                    gaps.get(gaps.size() / 2),
                    gaps.get(gaps.size() * 9 / 10),
                    gaps.getLast(),
                    gaps.size());
        }
        System.exit(0);
    }

    private double killOnce() throws IOException, InterruptedException {
        if (queueIsShort()) {
            cluster.run(project, "submit", ".github/workflows/short.yml").expect(0);
        }
        awaitStarts(starts().size() + 4);
        Cluster.Member leader = cluster.awaitLeader(LIMIT);
        long killed = ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now());
        leader.kill();
        // Jobs that were dispatched before the kill may still start: their gap would be 0. The
        // dispatch that counts is the first one after a time in which nothing started.
        long next =
                Eventually.get("a job is dispatched again", LIMIT, () -> firstAfterSilence(killed));
        leader.start();
        leader.awaitReady();
        return (next - killed) / 1e6;
    }

    /// With two agents of two slots and jobs of 0.3 s, a second without a start is the outage.
    private Long firstAfterSilence(long killed) {
        long before = killed;
        for (long start : starts()) {
            if (start > killed) {
                if (start - before > 1_000_000) {
                    return start;
                }
                before = start;
            }
        }
        return null;
    }

    private boolean queueIsShort() {
        return starts().size() % JOBS_AT_ONCE == 0
                || starts().size() % JOBS_AT_ONCE > JOBS_AT_ONCE / 2;
    }

    private void awaitStarts(int count) {
        Eventually.holds("%d starts".formatted(count), LIMIT, () -> starts().size() >= count);
    }

    private List<Long> starts() {
        try {
            return Files.readAllLines(starts).stream().map(Long::parseLong).sorted().toList();
        } catch (IOException problem) {
            throw new AssertionError(problem);
        }
    }
}
