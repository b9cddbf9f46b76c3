package dev.slipway.workflow;

/// A plain value and where the file says it.
///
/// @param <T> the value's type, immutable
public record Located<T>(T value, Position position) {}
