package dev.slipway.e2e;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.zip.ZipFile;

/// Two versions of Slipway in one farm, as during an upgrade: each program with the other, each put
/// in the other's place while a step runs. Every line of every job must be there once, and no step
/// may start twice.
///
/// `testing/e2e/slipway-upgrade` builds the older version and calls this.
public final class Upgrade {
    private static final Duration LIMIT = Duration.ofMinutes(3);
    private static final int LINES = 200;

    private final Path oldHome;
    private final Path root;
    private int failures;

    private Upgrade(Path oldHome, Path root) {
        this.oldHome = oldHome;
        this.root = root;
    }

    private interface Scenario {
        String run(Slipway older, Slipway newer, Path scratch) throws IOException;
    }

    /// @param args the folder of the older version's distribution
    public static void main(String[] args) throws IOException {
        var upgrade =
                new Upgrade(
                        Path.of(args[0]).toAbsolutePath(),
                        Files.createTempDirectory("slipway-upgrade"));
        upgrade.all();
        System.out.printf("%d failed%n", upgrade.failures);
        System.exit(upgrade.failures == 0 ? 0 : 1);
    }

    private void all() throws IOException {
        scenario("older coordinator, newer agent", (o, n, at) -> mixed(o, n, at));
        scenario("newer coordinator, older agent", (o, n, at) -> mixed(n, o, at));
        scenario("agent upgraded while a step runs", (o, n, at) -> agentReplaced(n, o, n, at));
        scenario("agent put back while a step runs", (o, n, at) -> agentReplaced(n, n, o, at));
        scenario("coordinator upgraded, then put back", this::coordinatorReplaced);
        if (clusters(new Slipway(oldHome, root))) {
            scenario("cluster upgraded member by member", this::rolled);
        } else {
            System.out.println("-    cluster upgraded member by member: the older one has none");
        }
    }

    private void scenario(String name, Scenario scenario) throws IOException {
        Path scratch = Files.createDirectories(root.resolve(name.replaceAll("[^a-z]+", "-")));
        long begun = System.nanoTime();
        try (var older = new Slipway(oldHome, scratch);
                var newer = new Slipway(scratch)) {
            String seen = scenario.run(older, newer, scratch);
            double seconds = (System.nanoTime() - begun) / 1e9;
            System.out.printf(Locale.ROOT, "ok   %s (%.0f s)%s%n", name, seconds, seen);
        } catch (AssertionError | RuntimeException wrong) {
            failures++;
            System.out.printf("FAIL %s%n%s%n(files: %s)%n", name, wrong.getMessage(), scratch);
        }
    }

    private boolean clusters(Slipway older) {
        var help = older.run(root, "coordinator", "--help");
        return (help.out() + help.err()).contains("--zookeeper");
    }

    private String mixed(Slipway coordinators, Slipway agents, Path scratch) throws IOException {
        var jobs = jobs(scratch);
        try (var farm = new Farm(coordinators, agents, scratch)) {
            var agent = farm.startAgent("one", "--slots", "2");
            long run = farm.submit(jobs.folder(), jobs.workflow());
            awaitLines(jobs, run, 20);
            // The client of the other version asks the same farm.
            agents.run(scratch, "runs", "--server", farm.address()).expect(0);
            assertEndsWell(farm, jobs, run);
            long cancelled = farm.submit(jobs.folder(), jobs.workflow());
            awaitLines(jobs, cancelled, 20);
            farm.run(jobs.folder(), "cancel", "" + cancelled).expect(0);
            same("cancelled", farm.awaitEnd(jobs.folder(), cancelled, LIMIT));
            agent.signal("TERM");
            same(0, agent.await(60));
        }
        return "";
    }

    private String agentReplaced(Slipway coordinators, Slipway before, Slipway after, Path scratch)
            throws IOException {
        var jobs = jobs(scratch);
        try (var farm = new Farm(coordinators, before, scratch)) {
            var agent = farm.startAgent("one", "--slots", "2");
            long run = farm.submit(jobs.folder(), jobs.workflow());
            awaitLines(jobs, run, 50);
            agent.killNine();
            farm.agentsFrom(after);
            farm.startAgent("one", "--slots", "2");
            assertEndsWell(farm, jobs, run);
        }
        return "";
    }

    private String coordinatorReplaced(Slipway older, Slipway newer, Path scratch)
            throws IOException {
        var jobs = jobs(scratch);
        Path keeper = keeper(scratch);
        try (var farm = new Farm(older, newer, scratch)) {
            farm.startAgent("one", "--slots", "2");
            long kept = farm.submit(keeper);
            same("success", farm.awaitEnd(keeper, kept, LIMIT));
            long run = farm.submit(jobs.folder(), jobs.workflow());
            awaitLines(jobs, run, 50);

            farm.coordinator().killNine();
            farm.coordinatorsFrom(newer);
            farm.startCoordinator();
            assertEndsWell(farm, jobs, run);
            assertKept(farm, keeper, kept, scratch);

            farm.coordinator().killNine();
            String refusal = refusal(older, scratch);
            farm.startCoordinator();
            assertKept(farm, keeper, kept, scratch);
            return "; the older one refused the newer data: " + refusal;
        }
    }

    /// What the older program says about data that the newer one has written.
    private static String refusal(Slipway older, Path scratch) {
        var refused =
                older.start(
                        "older",
                        scratch,
                        "coordinator",
                        "--data",
                        scratch.resolve("data").toString(),
                        "--listen",
                        "127.0.0.1:0");
        if (refused.await(60) == 0) {
            throw new AssertionError("the older coordinator took newer data\n" + refused.output());
        }
        return refused.output()
                .lines()
                .filter(line -> line.contains("format"))
                .reduce((earlier, later) -> later)
                .orElseThrow(
                        () -> new AssertionError("no word about the format\n" + refused.output()));
    }

    /// Standbys first, the leader last.
    private String rolled(Slipway older, Slipway newer, Path scratch) throws IOException {
        var jobs = jobs(scratch);
        var shape = new Cluster.Shape(1, 3, 2, 2, Duration.ofSeconds(10));
        try (var cluster = new Cluster(older, scratch, new Place.Loopback(), shape)) {
            long run =
                    Long.parseLong(
                            cluster.run(jobs.folder(), "submit", jobs.workflow(), "--json")
                                    .expect(0)
                                    .out()
                                    .replaceAll("(?s).*\"run\"\\s*:\\s*(\\d+).*", "$1"));
            awaitLines(jobs, run, 20);
            Cluster.Member leader = cluster.awaitLeader(LIMIT);
            for (Cluster.Member member : cluster.named("coordinator-")) {
                if (member != leader) {
                    replace(member, newer);
                }
            }
            leader.kill();
            cluster.awaitOtherLeader(leader, LIMIT);
            leader.startsFrom(newer);
            leader.start();
            leader.awaitReady();
            cluster.named("agent-").forEach(agent -> replace(agent, newer));

            var ended = cluster.run(jobs.folder(), "logs", "" + run, "-f", "--raw").expect(0);
            same(jobs.expectedLog(), ended.lines());
            same(List.of(), jobs.wrongStarts(run, false));
        }
        return "";
    }

    private static void replace(Cluster.Member member, Slipway version) {
        member.kill();
        member.startsFrom(version);
        member.start();
        member.awaitReady();
    }

    private static NumberedJobs jobs(Path scratch) throws IOException {
        return new NumberedJobs(scratch.resolve("project"), 2, LINES, "0.05");
    }

    /// A project whose job leaves an artifact and an output.
    private static Path keeper(Path scratch) throws IOException {
        Path project = scratch.resolve("keeper");
        Path workflows = Files.createDirectories(project.resolve(".github/workflows"));
        Files.writeString(
                workflows.resolve("keep.yml"),
                """
                on: push
                jobs:
                  keep:
                    runs-on: ubuntu-latest
                    steps:
                      - run: echo kept > kept.txt; echo "a line to keep"
                      - uses: actions/upload-artifact@v4
                        with: {name: kept, path: kept.txt}
                """);
        return project;
    }

    private static void assertKept(Farm farm, Path keeper, long run, Path scratch)
            throws IOException {
        same(
                List.of("a line to keep"),
                farm.run(keeper, "logs", "" + run, "--raw").expect(0).lines().stream()
                        .filter(line -> line.equals("a line to keep"))
                        .toList());
        Path zip = Files.createTempFile(scratch, "artifact", ".zip");
        farm.run(keeper, "artifacts", "" + run, "--download", "kept", "--output", zip.toString())
                .expect(0);
        try (var kept = new ZipFile(zip.toFile())) {
            same(true, kept.getEntry("kept.txt") != null);
        }
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

    private static void assertEndsWell(Farm farm, NumberedJobs jobs, long run) throws IOException {
        same("success", farm.awaitEnd(jobs.folder(), run, LIMIT));
        var log = farm.run(jobs.folder(), "logs", Long.toString(run), "--raw").expect(0);
        same(jobs.expectedLog(), log.lines());
        same(List.of(), jobs.wrongStarts(run, false));
    }

    private static void same(Object expected, Object seen) {
        if (!Objects.equals(expected, seen)) {
            throw new AssertionError("expected %s but saw %s".formatted(expected, seen));
        }
    }
}
