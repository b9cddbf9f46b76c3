package dev.slipway.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.util.stream.LongStream;

/// Whatever the seed, the farm keeps its promises. A failure says the seed, the promise, the last
/// events, and the command that shows it again.
class FarmSimulationTest {
    private static final long SEEDS = Long.getLong("slipway.seeds", 30);

    /// Lived twice: what `slipway-simulate` does with every seed.
    private static final long TWICE = 3;

    static LongStream seeds() {
        return LongStream.rangeClosed(TWICE + 1, SEEDS);
    }

    static LongStream seedsLivedTwice() {
        return LongStream.rangeClosed(1, TWICE);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void farmKeepsItsPromises(long seed) {
        assertThat(new Simulation(seed, Variant.SOUND, Places.folder("sound")).run().trace())
                .isNotEmpty();
    }

    @ParameterizedTest
    @MethodSource("seedsLivedTwice")
    void sameSeedIsTheSameLife(long seed) {
        var outcome = new Simulation(seed, Variant.SOUND, Places.folder("twice")).runTwice();

        assertThat(outcome.trace()).isNotEmpty();
    }
}
