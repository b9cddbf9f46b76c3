package dev.slipway.cli.client;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.Instant;

/// The four figures of DORA of one environment.
///
/// @param leadTime null when no commit is known
/// @param restore null when no failure has ended
/// @param unrestored failures that have not ended
public record DoraInfo(
        String project,
        String environment,
        Instant from,
        Instant to,
        int deployments,
        double perDay,
        @Nullable Spread leadTime,
        int changes,
        int failedChanges,
        @Nullable Spread restore,
        int unrestored) {
    /// @param p90 what 90 % do not exceed
    public record Spread(int count, Duration median, Duration p90) {}
}
