package dev.slipway.cli.client;

import org.jspecify.annotations.Nullable;

import java.time.Instant;

/// The farm itself.
///
/// @param standby the coordinator that answered follows another one
/// @param leaderAddress that other one's; empty when it is not known
public record FarmInfo(
        String farmId,
        String version,
        long epoch,
        int agentsConnected,
        int runsActive,
        int jobsQueued,
        int jobsRunning,
        @Nullable Instant startedAt,
        boolean standby,
        String leaderAddress) {}
