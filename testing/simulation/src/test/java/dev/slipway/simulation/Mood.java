package dev.slipway.simulation;

import java.util.Random;

/// What a seed is mostly about, so that rare coincidences are not too rare.
enum Mood {
    /// A bit of everything.
    MIXED,
    /// Long jobs, and agents that are not heard for long.
    LEASES,
    /// Several coordinators that lose and take over the lead.
    LEADERSHIP;

    static Mood of(Random random) {
        return values()[random.nextInt(values().length)];
    }
}
