package dev.slipway.simulation;

import dev.slipway.agent.workspace.Folders;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.TreeMap;

/// Lives many farms' lives, for hours if asked to; see `slipway-simulate --help`. Exit code 1 when
/// a seed broke a promise.
public final class Simulate {
    private static final String HELP =
            """
            Simulates whole farms under faults and checks their promises after every step.

              slipway-simulate --seeds N|FROM..TO [--minutes M] [--variant NAME] [--trace]

              --seeds N        seeds 1 to N
              --seeds FROM..TO these seeds
              --minutes M      go on with the seeds that follow until M minutes have gone by
              --variant NAME   a deliberately broken farm, which must be caught: %s
              --trace          print what happens; for a single seed

            Each seed is lived twice, and both lives must be the same.
            """;

    private final Options options;
    private final Path folder = Places.folder("main");
    private final TreeMap<String, Integer> broken = new TreeMap<>();
    private long lived;
    private long runs;
    private long steps;

    private record Options(long from, long to, Duration atLeast, Variant variant, boolean trace) {}

    private Simulate(Options options) {
        this.options = options;
    }

    public static void main(String[] arguments) throws IOException {
        try {
            System.exit(new Simulate(parse(arguments)).run());
        } catch (IllegalArgumentException wrong) {
            System.err.println(wrong.getMessage());
            System.exit(2);
        }
    }

    private static Options parse(String[] arguments) {
        var options = new Options(1, 0, Duration.ZERO, Variant.SOUND, false);
        for (int at = 0; at < arguments.length; at++) {
            String name = arguments[at];
            if (name.equals("--trace")) {
                options =
                        new Options(
                                options.from, options.to, options.atLeast, options.variant, true);
                continue;
            }
            if (at + 1 == arguments.length) {
                throw help();
            }
            options = with(options, name, arguments[++at]);
        }
        if (options.to < options.from) {
            throw help();
        }
        return options;
    }

    private static Options with(Options options, String name, String value) {
        return switch (name) {
            case "--seeds" -> {
                int dots = value.indexOf("..");
                long from = dots < 0 ? 1 : Long.parseLong(value.substring(0, dots));
                long to = Long.parseLong(dots < 0 ? value : value.substring(dots + 2));
                yield new Options(from, to, options.atLeast, options.variant, options.trace);
            }
            case "--minutes" ->
                    new Options(
                            options.from,
                            options.to,
                            Duration.ofMinutes(Long.parseLong(value)),
                            options.variant,
                            options.trace);
            case "--variant" ->
                    new Options(
                            options.from,
                            options.to,
                            options.atLeast,
                            Variant.valueOf(value),
                            options.trace);
            default -> throw help();
        };
    }

    private static IllegalArgumentException help() {
        return new IllegalArgumentException(HELP.formatted(Arrays.toString(Variant.values())));
    }

    private int run() throws IOException {
        Instant begun = Instant.now();
        long seed = options.from;
        while (seed <= options.to
                || Duration.between(begun, Instant.now()).compareTo(options.atLeast) < 0) {
            live(seed++);
        }
        Folders.delete(folder);
        System.out.printf(
                "%d seeds (%d..%d), %d runs, %d steps in %d s; broken: %s%n",
                lived,
                options.from,
                seed - 1,
                runs,
                steps,
                Duration.between(begun, Instant.now()).toSeconds(),
                broken.isEmpty() ? "nothing" : broken);
        return broken.isEmpty() ? 0 : 1;
    }

    private void live(long seed) {
        lived++;
        try {
            var outcome = new Simulation(seed, options.variant, folder).runTwice();
            runs += outcome.runs();
            steps += outcome.steps();
            if (options.trace) {
                outcome.trace().forEach(System.out::println);
            }
            if (lived % 100 == 0) {
                System.out.printf("%d seeds; broken so far: %s%n", lived, broken);
            }
        } catch (Simulation.Failure failure) {
            broken.merge(failure.promise(), 1, Integer::sum);
            System.out.println(failure.getMessage());
            if (failure.promise().equals("NoBug") || options.trace) {
                failure.getCause().printStackTrace(System.out);
            }
        }
    }
}
