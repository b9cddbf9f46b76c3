package dev.slipway.coordinator.model;

import java.time.Instant;

/// That something shall be cancelled: who wants it, why, since when.
///
/// @param reason for people, e.g. `a newer run wants the concurrency group 'deploy'`
/// @param by a person or `slipway`
public record CancelRequest(String reason, String by, Instant at) {}
