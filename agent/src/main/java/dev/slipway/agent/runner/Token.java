package dev.slipway.agent.runner;

import dev.slipway.id.AttemptId;

/// The right to run an attempt.
///
/// @param farmId the farm that gave it
/// @param attempt what may be run
/// @param epoch the leader's epoch in which the lease was given
public record Token(String farmId, AttemptId attempt, long epoch) {}
