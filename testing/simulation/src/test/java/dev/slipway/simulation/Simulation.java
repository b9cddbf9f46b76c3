package dev.slipway.simulation;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.slipway.agent.workspace.Folders;
import dev.slipway.coordinator.model.Invariant;
import dev.slipway.testkit.SimulatedWorld;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;

/// The whole life of one farm, decided by one seed: work, faults, then a calm in which everything
/// must end.
final class Simulation {
    private static final Duration CHAOS = Duration.ofHours(1);
    private static final Duration CALM = Duration.ofHours(2);
    private static final Duration CLEAN = Duration.ofMinutes(30);
    private static final int LAST_EVENTS = Integer.getInteger("slipway.events", 60);

    private final long seed;
    private final Variant variant;
    private final Path folder;

    /// @param folder for everything that the farm writes; emptied first
    Simulation(long seed, Variant variant, Path folder) {
        this.seed = seed;
        this.variant = variant;
        this.folder = folder;
    }

    /// What a farm's life was.
    ///
    /// @param trace everything that happened, in order
    /// @param runs how many runs there were
    /// @param steps how many steps of threads and timers
    record Outcome(List<String> trace, long runs, long steps) {
        /// Two equal traces have equal digests.
        String digest() {
            try {
                var digest = MessageDigest.getInstance("SHA-256");
                trace.forEach(line -> digest.update((line + "\n").getBytes(UTF_8)));
                return HexFormat.of().formatHex(digest.digest(), 0, 8);
            } catch (NoSuchAlgorithmException impossible) {
                throw new IllegalStateException("every JDK has SHA-256", impossible);
            }
        }

        /// The first line in which another trace differs; empty when none does.
        String firstDifference(Outcome other) {
            int most = Math.max(trace.size(), other.trace.size());
            for (int line = 0; line < most; line++) {
                String mine = line < trace.size() ? trace.get(line) : "(nothing)";
                String its = line < other.trace.size() ? other.trace.get(line) : "(nothing)";
                if (!mine.equals(its)) {
                    return "line %d%n  first:  %s%n  second: %s".formatted(line, mine, its);
                }
            }
            return "";
        }
    }

    /// A promise was broken, or a bug showed: with all that is needed to see it again.
    static final class Failure extends AssertionError {
        private static final long serialVersionUID = 1L;

        private final String promise;

        private Failure(String promise, String message, Throwable cause) {
            super(message, cause);
            this.promise = promise;
        }

        /// The name of the invariant, or what happened instead.
        String promise() {
            return promise;
        }
    }

    /// Lives the life twice: both must be the same.
    ///
    /// @throws Failure when a promise is broken, or the lives differ
    Outcome runTwice() {
        Outcome first = run();
        Outcome second = run();
        if (!first.digest().equals(second.digest())) {
            throw new Failure(
                    "SameSeedSameRun",
                    "seed %d gives two different lives, first at %s%n%s"
                            .formatted(seed, first.firstDifference(second), reproduce()),
                    new IllegalStateException("not deterministic"));
        }
        return first;
    }

    /// @throws Failure when a promise is broken
    Outcome run() {
        var world = new SimulatedWorld(seed);
        try {
            Folders.empty(folder);
            return live(world);
        } catch (IOException problem) {
            throw new UncheckedIOException(problem);
        } catch (Invariant.Broken broken) {
            throw failure(world, broken.invariant().toString(), broken);
        } catch (RuntimeException | AssertionError problem) {
            throw failure(world, promiseOf(problem), problem);
        }
    }

    private static String promiseOf(Throwable problem) {
        for (Throwable at = problem; at != null; at = at.getCause()) {
            if (at instanceof Invariant.Broken broken) {
                return broken.invariant().toString();
            }
        }
        return "NoBug";
    }

    private Failure failure(SimulatedWorld world, String promise, Throwable problem) {
        List<String> trace = world.trace();
        List<String> last = trace.subList(Math.max(0, trace.size() - LAST_EVENTS), trace.size());
        return new Failure(
                promise,
                "seed %d, %s: %s%nThe last events:%n  %s%n%s"
                        .formatted(
                                seed,
                                promise,
                                problem.getMessage(),
                                String.join("%n  ".formatted(), last),
                                reproduce()),
                problem);
    }

    private String reproduce() {
        return "See it again: testing/simulation/slipway-simulate --seeds %d..%d%s"
                .formatted(seed, seed, variant == Variant.SOUND ? "" : " --variant " + variant);
    }

    private Outcome live(SimulatedWorld world) throws IOException {
        var random = new Random(seed * 0x9E3779B97F4A7C15L);
        var mood = variant.mood(Mood.of(random));
        world.note("%s, %s".formatted(variant, mood));
        var farm = new SimulatedFarm(world, folder, variant, mood, random);
        List<Workload.Wish> wishes = new Workload(random, mood).wishes();
        farm.start();
        wishes.forEach(farm.client()::wish);
        var faults = new Faults(world, farm, mood, random);
        faults.begin();
        world.runUntil(faults::over, CHAOS);

        farm.heal();
        untilCalm(world, farm);
        farm.audit().checkEnd(farm.tables());
        untilClean(world, farm);
        return new Outcome(world.trace(), farm.audit().state().lastRun(), world.steps());
    }

    private static void untilCalm(SimulatedWorld world, SimulatedFarm farm) {
        try {
            world.runUntil(
                    () -> farm.client().done() && farm.audit().state().runs().isEmpty(), CALM);
        } catch (SimulatedWorld.Stuck late) {
            world.note("" + late.getMessage());
            farm.audit().agents().forEach(world::note);
            world.waiting().forEach(world::note);
            farm.audit().witness().checkEnded(farm.audit().unfinished());
            throw late;
        }
    }

    /// Agents are told to forget what has ended, and keep nothing of it.
    private static void untilClean(SimulatedWorld world, SimulatedFarm farm) throws IOException {
        var next = world.node("cleaning");
        var looked = new boolean[1];
        next.after(Duration.ofSeconds(30), () -> looked[0] = true);
        world.runUntil(() -> looked[0], CLEAN);
        untilLevel(world, farm);
        for (SimulatedMachine machine : farm.machines()) {
            searchForSecret(farm, machine.work());
        }
        farm.audit().checkEnd(farm.tables());
    }

    private static void untilLevel(SimulatedWorld world, SimulatedFarm farm) {
        try {
            world.runUntil(farm::level, CLEAN);
        } catch (SimulatedWorld.Stuck late) {
            world.waiting().forEach(world::note);
            throw late;
        }
        farm.checkSame();
    }

    private static void searchForSecret(SimulatedFarm farm, Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return;
        }
        try (var files = Files.walk(folder)) {
            for (Path file : (Iterable<Path>) files.filter(Files::isRegularFile)::iterator) {
                String text =
                        new String(
                                Files.readAllBytes(file),
                                java.nio.charset.StandardCharsets.ISO_8859_1);
                farm.audit()
                        .guard(
                                witness ->
                                        witness.searched(
                                                file.toString(), text.contains(Task.SECRET)));
            }
        }
    }
}
