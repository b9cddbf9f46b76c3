package dev.slipway.simulation;

import static org.assertj.core.api.Assertions.fail;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.Set;
import java.util.TreeMap;

/// The simulation is not blind: farms that are broken on purpose are caught, each by a promise that
/// its mistake breaks. `docs/testing.md` says with which seeds.
class BrokenVariantsSimulationTest {
    /// A change of the product moves the seeds; the rarest mistake shows in three of a hundred.
    private static final int SEEDS = Integer.getInteger("slipway.variant.seeds", 250);

    @ParameterizedTest
    @CsvSource({
        "NO_FENCING, EpochNeverGoesBack AcknowledgedIsDurable",
        "NO_AUTHORITY, EpochNeverGoesBack",
        "OLD_EPOCH_FOLLOWED, EpochNeverGoesBack",
        "LEASE_CUT_SHORT, AttemptsNeverOverlap",
        "LEASE_FROM_RECEIPT, AttemptsNeverOverlap",
        "ACKNOWLEDGE_BEFORE_SYNC, AcknowledgedIsDurable",
        "OFFSET_RESET, AcknowledgedIsDurable LogOffsetNeverGoesBack",
        "START_AGAIN, StepStartsOnce",
        "CANCEL_DROPPED, CancelIsHonoured",
        "MASKS_FORGOTTEN, SecretNeverStoredInClear",
    })
    void brokenFarmIsCaughtByItsPromise(Variant variant, String promises) {
        Set<String> expected = Set.of(promises.split(" "));
        var other = new TreeMap<String, Long>();
        for (long seed = 1; seed <= SEEDS; seed++) {
            String broken = promiseBrokenBy(variant, seed);
            if (expected.contains(broken)) {
                System.out.printf("%s is caught by %s with seed %d%n", variant, broken, seed);
                return;
            }
            if (!broken.isEmpty()) {
                other.put(broken, seed);
            }
        }
        fail("%s breaks none of %s in %d seeds; it breaks %s", variant, promises, SEEDS, other);
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
