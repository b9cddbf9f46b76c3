package dev.slipway.cli.client;

import org.jspecify.annotations.Nullable;

import java.time.Instant;

/// An incident.
///
/// @param deployment number of the one that caused it; 0 when there was none
/// @param closedAt null as long as it is open
public record IncidentInfo(
        long id,
        String project,
        String environment,
        long deployment,
        String key,
        String title,
        String openedBy,
        Instant openedAt,
        @Nullable Instant closedAt,
        String closedBy) {}
