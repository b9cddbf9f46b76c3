package dev.slipway.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/// The long proof, for root: 3 ZooKeeper servers, 3 bookies, 3 coordinators and 4 agents, a network
/// namespace each, are killed, stopped and cut off at random while clients submit jobs that print
/// numbered lines. Afterwards nothing may be lost, doubled or out of order.
///
/// `testing/e2e/slipway-chaos --minutes 10 --seed 1`
public final class Chaos {
    private static final Duration SETTLE = Duration.ofMinutes(5);

    private final Cluster cluster;
    private final NumberedJobs jobs;
    private final List<String> wrong = new CopyOnWriteArrayList<>();

    private Chaos(Cluster cluster, NumberedJobs jobs) {
        this.cluster = cluster;
        this.jobs = jobs;
    }

    /// @param args `--minutes N --seed S`, both optional
    public static void main(String[] args) throws IOException, InterruptedException {
        long minutes = option(args, "--minutes", 10);
        long seed = option(args, "--seed", 1);
        Path scratch = Files.createTempDirectory("slipway-chaos");
        System.out.printf("chaos: %d min, seed %d, in %s%n", minutes, seed, scratch);
        var shape = new Cluster.Shape(3, 3, 3, 4, Duration.ofSeconds(10));
        boolean passed;
        try (var cluster = new Cluster(new Slipway(scratch), scratch, new Namespaces(), shape)) {
            var jobs = new NumberedJobs(scratch.resolve("project"), 3, 60, "0.1");
            var chaos = new Chaos(cluster, jobs);
            chaos.run(Duration.ofMinutes(minutes), seed);
            chaos.wrong.forEach(violation -> System.out.println("VIOLATION " + violation));
            passed = chaos.wrong.isEmpty();
        } catch (AssertionError problem) {
            System.out.println("VIOLATION " + problem.getMessage());
            passed = false;
        }
        System.out.println(passed ? "chaos: PASSED" : "chaos: FAILED");
        System.exit(passed ? 0 : 1);
    }

    private void run(Duration length, long seed) throws InterruptedException {
        var clients = new ChaosClients(cluster, jobs);
        var faults = new ChaosFaults(cluster, seed);
        clients.start(3, seed);
        faults.start();
        Thread.sleep(length.toMillis());
        faults.stop();
        clients.stop();
        wrong.addAll(clients.failures());

        long success = clients.runs().parallelStream().filter(this::checkRun).count();
        clients.history()
                .byRun()
                .forEach(
                        (key, calls) -> {
                            if (!Linearizability.holds(calls)) {
                                wrong.add("calls are not linearizable: " + calls);
                            }
                        });
        checkPositions();
        System.out.printf(
                "runs %d (%d succeeded, the others cancelled), jobs %d, client calls %d, faults"
                        + " %s%n",
                clients.runs().size(),
                success,
                clients.runs().size() * jobs.legs(),
                clients.history().size(),
                faults.counts());
    }

    /// @return whether it succeeded
    private boolean checkRun(long run) {
        var shown =
                Eventually.get(
                        "NoJobLost: run %d ends".formatted(run),
                        SETTLE,
                        () -> {
                            var answer = cluster.run(jobs.folder(), "show", "" + run, "--json");
                            return Farm.field(answer.out(), "status").equals("finished")
                                    ? answer
                                    : null;
                        });
        String conclusion = Farm.field(shown.out(), "conclusion");
        boolean retried = shown.out().contains("infrastructure") || shown.out().contains("_lost");
        try {
            wrong.addAll(jobs.wrongStarts(run, retried));
        } catch (IOException problem) {
            throw new UncheckedIOException(problem);
        }
        if (!conclusion.equals("success")) {
            if (!conclusion.equals("cancelled")) {
                wrong.add("run %d ended as %s%n%s".formatted(run, conclusion, shown.out()));
            }
            return false;
        }
        var log = cluster.run(jobs.folder(), "logs", "" + run, "--raw").expect(0);
        if (!log.lines().equals(jobs.expectedLog())) {
            wrong.add("LogCompleteAtFinish: run %d%n%s".formatted(run, log.out()));
        }
        return true;
    }

    /// With nothing under way all members must come to stand at the same place.
    private void checkPositions() {
        Eventually.holds(
                "all members stand at one position",
                SETTLE,
                () -> {
                    var members = cluster.run(jobs.folder(), "members", "--json");
                    return members.exit() == 0
                            && MembersJson.positions(members.out()).stream().distinct().count() == 1
                            && MembersJson.positions(members.out()).size() == 3;
                });
    }

    static long option(String[] args, String name, long standard) {
        for (int i = 0; i + 1 < args.length; i++) {
            if (args[i].equals(name)) {
                return Long.parseLong(args[i + 1]);
            }
        }
        return standard;
    }
}
