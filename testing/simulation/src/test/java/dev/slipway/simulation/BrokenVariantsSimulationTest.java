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

    /// The first seed only saves time: some faults are rare, and where they show moves with every
    /// change.
    @ParameterizedTest
    @CsvSource({
        "NO_FENCING, EpochNeverGoesBack AcknowledgedIsDurable, 1",
        "NO_AUTHORITY, EpochNeverGoesBack, 1",
        "OLD_EPOCH_FOLLOWED, EpochNeverGoesBack, 30",
        "LEASE_CUT_SHORT, AttemptsNeverOverlap, 1",
        "LEASE_FROM_RECEIPT, AttemptsNeverOverlap, 1",
        "ACKNOWLEDGE_BEFORE_SYNC, AcknowledgedIsDurable, 1",
        "OFFSET_RESET, AcknowledgedIsDurable LogOffsetNeverGoesBack, 1",
        "START_AGAIN, StepStartsOnce, 1",
        "CANCEL_DROPPED, CancelIsHonoured, 165",
        "MASKS_FORGOTTEN, SecretNeverStoredInClear, 1",
    })
    void brokenFarmIsCaughtByItsPromise(Variant variant, String promises, long first) {
        Set<String> expected = Set.of(promises.split(" "));
        var other = new TreeMap<String, Long>();
        for (long seed = first; seed < first + SEEDS; seed++) {
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
