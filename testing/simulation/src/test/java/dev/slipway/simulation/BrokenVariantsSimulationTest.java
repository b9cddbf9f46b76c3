package dev.slipway.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.Set;

/// The simulation is not blind: farms that are broken on purpose are caught, each by a promise that
/// it breaks. `docs/testing.md` holds this table.
class BrokenVariantsSimulationTest {
    /// Seeds that are tried from the given one on, because a change of the product moves them.
    private static final int SEEDS = Integer.getInteger("slipway.variant.seeds", 60);

    @ParameterizedTest
    @DisplayName("broken farm is caught by its promise")
    @CsvSource({
        "NO_FENCING, EpochNeverGoesBack AttemptsNeverOverlap, 1",
    })
    void brokenFarmIsCaught(Variant variant, String promises, long first) {
        Set<String> expected = Set.of(promises.split(" "));
        for (long seed = first; seed < first + SEEDS; seed++) {
            String broken = promiseBrokenBy(variant, seed);
            if (expected.contains(broken)) {
                System.out.printf("%s is caught by %s with seed %d%n", variant, broken, seed);
                return;
            }
            assertThat(broken).as("%s, seed %d", variant, seed).isEmpty();
        }
        fail("%s is not caught by seeds %d..%d".formatted(variant, first, first + SEEDS - 1));
    }

    private static String promiseBrokenBy(Variant variant, long seed) {
        try {
            new Simulation(seed, variant, Places.folder("variant")).run();
            return "";
        } catch (Simulation.Failure failure) {
            return failure.promise();
        }
    }
}
