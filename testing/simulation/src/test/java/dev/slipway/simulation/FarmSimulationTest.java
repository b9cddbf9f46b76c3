package dev.slipway.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.agent.executor.Script;
import dev.slipway.coordinator.journal.StateDigest;
import dev.slipway.coordinator.model.Conclusion;
import dev.slipway.coordinator.model.Event;
import dev.slipway.id.AttemptId;
import dev.slipway.testkit.SimulatedWorld;

import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;

/// A coordinator and two agents under virtual time. Connections are cut, the coordinator and an
/// agent are killed while steps print; whatever the order, the run succeeds, every process was
/// started once, and every line is recorded once and in order.
class FarmSimulationTest {
    private static final Duration LIMIT = Duration.ofMinutes(30);
    private static final int LINES = 200;

    private static final String WORKFLOW =
            """
            on: push
            jobs:
              build:
                runs-on: ubuntu-latest
                steps: [{run: build}]
              test:
                needs: build
                runs-on: ubuntu-latest
                strategy: {matrix: {n: [1, 2, 3]}}
                steps: [{run: test}]
              pack:
                needs: [build, test]
                runs-on: ubuntu-latest
                steps: [{run: pack}]
            """;

    @TempDir Path folder;

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
    void nothingIsLostWhateverTheOrder(long seed) throws IOException {
        List<String> first = live(seed, Files.createDirectories(folder.resolve("first")));
        List<String> second = live(seed, Files.createDirectories(folder.resolve("second")));

        assertThat(second).as("seed %d gives the same run twice", seed).isEqualTo(first);
    }

    private List<String> live(long seed, Path place) {
        var world = new SimulatedWorld(seed);
        var farm =
                new SimulatedFarm(
                        world, place, launch -> Script.counting(LINES, Duration.ofMillis(10), 0));
        farm.startCoordinator();
        world.runUntil(farm::serves, LIMIT);
        farm.startAgent("one");
        farm.startAgent("two");
        farm.submit("token", WORKFLOW);
        new Trouble(world, farm).begin();

        world.runUntil(() -> ended(farm), LIMIT);

        if (Boolean.getBoolean("slipway.trace")) {
            world.trace().forEach(System.out::println);
        }
        check(seed, farm);
        return world.trace();
    }

    private static boolean ended(SimulatedFarm farm) {
        return farm.serves()
                && farm.events().stream().anyMatch(event -> event instanceof Event.RunFinished);
    }

    private static void check(long seed, SimulatedFarm farm) {
        List<Event> events = farm.events();
        assertThat(events)
                .as("seed %d", seed)
                .filteredOn(Event.RunFinished.class::isInstance)
                .singleElement()
                .extracting(event -> ((Event.RunFinished) event).conclusion())
                .isEqualTo(Conclusion.SUCCESS);
        List<AttemptId> attempts =
                events.stream()
                        .filter(Event.JobLeased.class::isInstance)
                        .map(event -> ((Event.JobLeased) event).attempt())
                        .toList();
        assertThat(attempts).as("seed %d: one attempt per job", seed).hasSize(5);
        assertThat(farm.launches()).as("seed %d: every process started once", seed).isEqualTo(5);
        List<String> expected = IntStream.range(0, LINES).mapToObj("line %d"::formatted).toList();
        for (AttemptId attempt : attempts) {
            assertThat(farm.output(attempt)).as("seed %d: %s", seed, attempt).isEqualTo(expected);
        }
        assertThat(StateDigest.of(farm.disk().journal().replayed()))
                .as("seed %d: replay equals live", seed)
                .isEqualTo(StateDigest.of(farm.disk().journal().recover()));
    }

    /// Something bad every now and then, until the run has ended.
    private static final class Trouble {
        private final SimulatedWorld world;
        private final SimulatedFarm farm;
        private final SimulatedWorld.Node fate;
        private int left = 8;

        Trouble(SimulatedWorld world, SimulatedFarm farm) {
            this.world = world;
            this.farm = farm;
            this.fate = world.node("fate");
        }

        void begin() {
            later(world.random().nextInt(1_500), this::strike);
        }

        private void strike() {
            if (left-- == 0) {
                return;
            }
            switch (world.random().nextInt(3)) {
                case 0 -> farm.network().cutAll();
                case 1 -> {
                    farm.killCoordinator();
                    later(200 + world.random().nextInt(5_000), this::backAgain);
                }
                default -> {
                    String name = world.random().nextBoolean() ? "one" : "two";
                    farm.killAgent(name);
                    later(200 + world.random().nextInt(5_000), () -> farm.startAgent(name));
                }
            }
            later(300 + world.random().nextInt(1_500), this::strike);
        }

        private void backAgain() {
            if (!farm.serves()) {
                farm.startCoordinator();
            }
        }

        private void later(int millis, Runnable what) {
            fate.timers().after(Duration.ofMillis(millis), what);
        }
    }
}
