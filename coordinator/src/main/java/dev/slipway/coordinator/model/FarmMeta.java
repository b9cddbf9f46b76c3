package dev.slipway.coordinator.model;

import java.time.Instant;

/// The few facts of the farm itself.
///
/// @param farmId random; empty before the first epoch
/// @param epoch counts how often a coordinator began to serve
/// @param position journal position that the state reflects
/// @param sequence how many events there have ever been
/// @param lastRun the highest run number ever given
/// @param time of the latest event
public record FarmMeta(
        String farmId, long epoch, long position, long sequence, long lastRun, Instant time) {
    public static final FarmMeta NEW = new FarmMeta("", 0, 0, 0, 0, Instant.EPOCH);

    /// After an event that happened at `at`.
    FarmMeta after(long entry, Instant at) {
        return new FarmMeta(
                farmId, epoch, entry, sequence + 1, lastRun, at.isAfter(time) ? at : time);
    }

    /// With a run of that number.
    FarmMeta withRun(long run) {
        return new FarmMeta(farmId, epoch, position, sequence, Math.max(lastRun, run), time);
    }

    FarmMeta raised(String newFarmId, long newEpoch) {
        return new FarmMeta(newFarmId, newEpoch, position, sequence, lastRun, time);
    }
}
