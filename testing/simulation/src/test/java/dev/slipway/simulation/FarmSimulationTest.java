package dev.slipway.simulation;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.util.stream.LongStream;

/// Whatever the seed, the farm keeps its promises. A failure says the seed, the promise, the last
/// events, and the command that shows it again. For more seeds than fit into a build there is
/// `testing/simulation/slipway-simulate`.
class FarmSimulationTest {
    private static final long SEEDS = Long.getLong("slipway.seeds", 80);

    static LongStream seeds() {
        return LongStream.rangeClosed(1, SEEDS);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void farmKeepsItsPromises(long seed) {
        new Simulation(seed, Variant.SOUND, Places.folder("sound")).runTwice();
    }
}
