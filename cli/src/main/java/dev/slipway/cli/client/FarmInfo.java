package dev.slipway.cli.client;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

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
