package dev.slipway.cli.client;

import org.jspecify.annotations.Nullable;

import java.time.Instant;

/// The farm itself.
public record FarmInfo(
        String farmId,
        String version,
        long epoch,
        int agentsConnected,
        int runsActive,
        int jobsQueued,
        int jobsRunning,
        @Nullable Instant startedAt) {}
