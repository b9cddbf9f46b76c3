package dev.slipway.coordinator.model;

/// A place in a concurrency group: held, or waited for.
///
/// @param concurrency the group
/// @param held true while alone in it
/// @param ticket orders those who wait: the farm's event sequence when the place was asked for
public record Seat(Concurrency concurrency, boolean held, long ticket) {}
