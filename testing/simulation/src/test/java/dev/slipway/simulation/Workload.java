package dev.slipway.simulation;

import dev.slipway.simulation.Task.End;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/// Random workflows, each of which ends by itself or is cancelled, and what clients do with their
/// runs, from one seed.
final class Workload {
    private static final List<String> PROJECTS = List.of("acme/shop", "acme/site", "lone/wolf");

    private final Random random;
    private final Mood mood;

    Workload(Random random, Mood mood) {
        this.random = random;
        this.mood = mood;
    }

    /// What one client wants.
    ///
    /// @param token of the submission
    /// @param at when it is submitted
    /// @param twice it is submitted again with the same token later on
    /// @param cancelAfter when it is cancelled after that, or null
    /// @param rerun whether what failed is run again when it has ended
    /// @param secret whether it has a secret
    record Wish(
            String token,
            String project,
            String workflow,
            Duration at,
            boolean twice,
            java.util.Optional<Duration> cancelAfter,
            boolean rerun,
            boolean secret) {}

    List<Wish> wishes() {
        int count = 5 + random.nextInt(6);
        List<Wish> wishes = new ArrayList<>();
        for (int number = 1; number <= count; number++) {
            wishes.add(wish(number));
        }
        return wishes;
    }

    private Wish wish(int number) {
        boolean secret = random.nextInt(3) == 0;
        boolean endless = random.nextInt(6) == 0;
        var cancel =
                endless || random.nextInt(4) == 0
                        ? java.util.Optional.of(Duration.ofMillis(random.nextInt(40_000)))
                        : java.util.Optional.<Duration>empty();
        return new Wish(
                "wish-" + number,
                PROJECTS.get(random.nextInt(PROJECTS.size())),
                workflow(number, secret, endless),
                Duration.ofMillis(random.nextInt(mood == Mood.LEASES ? 300_000 : 60_000)),
                random.nextInt(4) == 0,
                cancel,
                !endless && random.nextInt(4) == 0,
                secret);
    }

    private String workflow(int number, boolean secret, boolean endless) {
        var yaml = new StringBuilder("name: flow-%d\non: push\n".formatted(number));
        if (random.nextInt(3) == 0) {
            yaml.append(
                    "concurrency: {group: g%d, cancel-in-progress: %s}\n"
                            .formatted(random.nextInt(2), random.nextBoolean()));
        }
        yaml.append("jobs:\n");
        int jobs = 1 + random.nextInt(4);
        for (int job = 0; job < jobs; job++) {
            job(yaml, job, secret, endless && job == 0);
        }
        return yaml.toString();
    }

    private void job(StringBuilder yaml, int number, boolean secret, boolean endless) {
        line(yaml, "  j%d:".formatted(number));
        line(yaml, "    runs-on: %s".formatted(random.nextInt(6) == 0 ? "gpu" : "ubuntu-latest"));
        if (number > 0 && random.nextInt(3) > 0) {
            line(yaml, "    needs: [j%d]".formatted(random.nextInt(number)));
            if (random.nextInt(4) == 0) {
                line(
                        yaml,
                        "    if: ${{ %s }}"
                                .formatted(random.nextBoolean() ? "always()" : "!cancelled()"));
            }
        }
        if (random.nextInt(4) == 0) {
            line(yaml, "    strategy:");
            line(yaml, "      fail-fast: %s".formatted(random.nextBoolean()));
            line(yaml, "      max-parallel: %d".formatted(1 + random.nextInt(3)));
            line(
                    yaml,
                    "      matrix: {n: %s}"
                            .formatted(random.nextBoolean() ? "[1, 2]" : "[1, 2, 3]"));
        }
        if (random.nextInt(5) == 0) {
            line(yaml, "    concurrency: leg%d".formatted(random.nextInt(2)));
        }
        line(yaml, "    continue-on-error: %s".formatted(random.nextInt(5) == 0));
        line(yaml, "    timeout-minutes: %d".formatted(endless ? 300 : 2 + random.nextInt(2)));
        line(yaml, "    steps:");
        int steps = 1 + random.nextInt(3);
        for (int step = 0; step < steps; step++) {
            step(yaml, step, secret, endless && step == 0);
        }
    }

    private void step(StringBuilder yaml, int number, boolean secret, boolean endless) {
        boolean background = !endless && random.nextInt(6) == 0;
        line(yaml, "      - id: s%d".formatted(number));
        line(yaml, "        run: work");
        line(yaml, "        env: %s".formatted(task(number, secret, endless).env()));
        if (background) {
            line(yaml, "        background: true");
        }
        if (random.nextInt(6) == 0) {
            line(
                    yaml,
                    "        if: ${{ %s }}"
                            .formatted(random.nextBoolean() ? "always()" : "failure()"));
        }
        if (!endless && random.nextInt(8) == 0) {
            line(yaml, "        timeout-minutes: 1");
        }
        if (random.nextInt(6) == 0) {
            line(yaml, "        continue-on-error: true");
        }
    }

    private Task task(int number, boolean secret, boolean endless) {
        int lines = random.nextInt(3) == 0 ? random.nextInt(4) : random.nextInt(80);
        int millis =
                switch (random.nextInt(mood == Mood.LEASES ? 2 : 4)) {
                    case 0 -> random.nextInt(10);
                    case 1 -> 1_000 + random.nextInt(1_000);
                    default -> random.nextInt(400);
                };
        return new Task(
                "s" + number,
                lines,
                millis,
                endless ? End.HANG : end(),
                random.nextInt(6) == 0,
                secret && random.nextBoolean());
    }

    private End end() {
        if (mood == Mood.LEASES && random.nextInt(3) == 0) {
            return End.HANG;
        }
        return switch (random.nextInt(40)) {
            case 0, 1, 2, 3, 4 -> End.FAILURE;
            case 5 -> End.HANG;
            case 6 -> End.OUT_OF_MEMORY;
            case 7 -> End.SUPERVISOR_LOST;
            case 8 -> End.OUTPUT_LOST;
            default -> End.SUCCESS;
        };
    }

    private static void line(StringBuilder yaml, String text) {
        yaml.append(text).append('\n');
    }
}
