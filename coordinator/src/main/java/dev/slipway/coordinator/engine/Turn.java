package dev.slipway.coordinator.engine;

import java.time.Duration;
import java.time.Instant;

/// What a turn of the engine takes from outside, once: the core asks no clock.
///
/// @param now whole milliseconds, never before the latest event
/// @param uptime for leases
/// @param epoch of this reign
/// @param position that the turn's entry will have
record Turn(Instant now, Duration uptime, long epoch, long position) {}
