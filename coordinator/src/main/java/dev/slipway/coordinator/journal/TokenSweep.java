package dev.slipway.coordinator.journal;

import dev.slipway.coordinator.storage.Database;
import dev.slipway.coordinator.storage.Retention;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/// Forgets client tokens that have no effect any more. What is old is told by the farm's own time,
/// so that all coordinators of a cluster, leading or not, have the same tokens at the same
/// position.
///
/// Not safe for threads: it belongs to whoever writes the tables.
final class TokenSweep {
    /// An hour longer than tokens have an effect.
    private static final Duration LIFE = Duration.ofHours(25);

    /// So that no write waits for long; the next one goes on.
    private static final int MOST = 1_000;

    private Instant sweptTo = Instant.MIN;

    /// Called after each write.
    ///
    /// @param time of the latest event
    void sweep(Database database, Instant time) {
        Instant before = time.minus(LIFE).truncatedTo(ChronoUnit.MINUTES);
        if (!before.equals(sweptTo) && Retention.sweepTokens(database, before, MOST) < MOST) {
            sweptTo = before;
        }
    }
}
