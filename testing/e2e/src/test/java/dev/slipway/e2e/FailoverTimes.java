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
import java.util.function.Supplier;
import java.util.stream.Collectors;

/// How long nothing is dispatched when the leader is lost: a queue of short jobs writes down when
/// each started; the leader is ended, by `kill -9` and then in order, and started again, many
/// times.
///
/// `testing/e2e/slipway-chaos failover --kills 30 --handovers 15 --session 4`
public final class FailoverTimes {
    private static final int JOBS_AT_ONCE = 200;
    private static final Duration LIMIT = Duration.ofMinutes(2);

    /// With two agents of two slots and jobs of 0.3 s, so long without a start is the outage.
    private static final long SILENCE_MICROS = 1_000_000;

    /// After a hand-over the longest time without a start within so long counts.
    private static final long HANDOVER_MICROS = 5_000_000;

    private final Cluster cluster;
    private final Path project;
    private final Path starts;
    private int submitted;

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

    /// @param args `--kills N --handovers N --session SECONDS`, all optional
    public static void main(String[] args) throws IOException {
        int kills = (int) Chaos.option(args, "--kills", 30);
        int handovers = (int) Chaos.option(args, "--handovers", 15);
        long session = Chaos.option(args, "--session", 4);
        Path scratch = Files.createTempDirectory("slipway-failover");
        var shape = new Cluster.Shape(1, 3, 3, 2, Duration.ofSeconds(session));
        try (var cluster =
                new Cluster(new Slipway(scratch), scratch, new Place.Loopback(), shape)) {
            var times = new FailoverTimes(cluster, scratch);
            report("kill -9 → next dispatch", session + 1.0, repeat(kills, times::killOnce));
            report("hand-over → next dispatch", 0.5, repeat(handovers, times::handOverOnce));
        }
        System.exit(0);
    }

    private static List<Double> repeat(int count, Supplier<Double> once) {
        var gaps = new ArrayList<Double>();
        for (int i = 0; i < count; i++) {
            gaps.add(once.get());
        }
        return gaps;
    }

    private static void report(String what, double budget, List<Double> gaps) {
        if (gaps.isEmpty()) {
            return;
        }
        List<Double> sorted = gaps.stream().sorted().toList();
        System.out.printf(
                Locale.ROOT,
                "%s: min %.2f, p50 %.2f, p90 %.2f, max %.2f s (%d times); budget %.1f s, over it:"
                        + " %d%n  %s%n",
                what,
                sorted.getFirst(),
                sorted.get(sorted.size() / 2),
                sorted.get(sorted.size() * 9 / 10),
                sorted.getLast(),
                sorted.size(),
                budget,
                sorted.stream().filter(gap -> gap > budget).count(),
                sorted.stream().map("%.2f"::formatted).collect(Collectors.joining(" ")));
    }

    private double killOnce() {
        Cluster.Member leader = busyLeader();
        long killed = now();
        leader.kill();
        // Jobs that were dispatched before the kill may still start: their gap would be 0. The
        // dispatch that counts is the first one after a time in which nothing started.
        long next =
                Eventually.get("a job is dispatched again", LIMIT, () -> firstAfterSilence(killed));
        double leads = secondsUntilNextLeads(leader, killed);
        System.out.printf(
                Locale.ROOT, "kill: leads %.2f, dispatches %.2f s%n", leads, (next - killed) / 1e6);
        leader.start();
        return (next - killed) / 1e6;
    }

    private double handOverOnce() {
        Cluster.Member leader = busyLeader();
        long asked = now();
        leader.terminate();
        Eventually.holds(
                "jobs start after the hand-over",
                LIMIT,
                () -> starts().stream().anyMatch(start -> start > asked + HANDOVER_MICROS));
        double gap = longestGap(asked) / 1e6;
        System.out.printf(
                Locale.ROOT,
                "hand-over: leads %.2f, dispatches %.2f s%n",
                secondsUntilNextLeads(leader, asked),
                gap);
        leader.start();
        return gap;
    }

    /// The leader, while it dispatches.
    private Cluster.Member busyLeader() {
        while (submitted - starts().size() < JOBS_AT_ONCE) {
            cluster.run(project, "submit", ".github/workflows/short.yml").expect(0);
            submitted += JOBS_AT_ONCE;
        }
        cluster.named("coordinator-").forEach(Cluster.Member::awaitReady);
        int before = starts().size();
        Eventually.holds("jobs start", LIMIT, () -> starts().size() >= before + 4);
        return cluster.awaitLeader(LIMIT);
    }

    private static long now() {
        return ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now());
    }

    private Long firstAfterSilence(long killed) {
        long before = killed;
        for (long start : starts()) {
            if (start > killed) {
                if (start - before > SILENCE_MICROS) {
                    return start;
                }
                before = start;
            }
        }
        return null;
    }

    private long longestGap(long from) {
        long before = from;
        long longest = 0;
        for (long start : starts()) {
            if (start > from && before < from + HANDOVER_MICROS) {
                longest = Math.max(longest, start - before);
                before = start;
            }
        }
        return longest;
    }

    /// From the logs of the others: when one of them said that it leads.
    private double secondsUntilNextLeads(Cluster.Member old, long from) {
        return cluster.named("coordinator-").stream()
                .filter(member -> member != old)
                .flatMap(member -> member.output().lines())
                .filter(line -> line.contains("This coordinator leads."))
                .mapToLong(
                        line ->
                                ChronoUnit.MICROS.between(
                                        Instant.EPOCH,
                                        Instant.parse(line.substring(0, line.indexOf(' ')))))
                .filter(at -> at > from)
                .min()
                .stream()
                .mapToDouble(at -> (at - from) / 1e6)
                .findFirst()
                .orElse(Double.NaN);
    }

    private List<Long> starts() {
        try {
            return Files.readAllLines(starts).stream().map(Long::parseLong).sorted().toList();
        } catch (IOException problem) {
            throw new AssertionError(problem);
        }
    }
}
