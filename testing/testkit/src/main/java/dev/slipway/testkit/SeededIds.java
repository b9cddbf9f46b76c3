package dev.slipway.testkit;

import dev.slipway.id.Ids;

import java.util.Random;

/// Ids drawn from a seed: the same seed gives the same ids. Safe for many threads.
public final class SeededIds implements Ids {
    private final Random random;

    public SeededIds(long seed) {
        random = new Random(seed);
    }

    @Override
    public synchronized String fresh() {
        return "%016x%016x".formatted(random.nextLong(), random.nextLong());
    }
}
