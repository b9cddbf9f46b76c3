package dev.slipway.coordinator.model;

import java.time.Duration;
import java.time.Instant;

/// The right to run one attempt. With the farm's id and the attempt's, `epoch` is the token that
/// the agent shows (blueprint §5).
///
/// @param agentId random id in the agent's work directory
/// @param agentName what people call it
/// @param bootId of the machine when the lease was given
/// @param epoch in which the lease was given
/// @param ttl how long it lasts after the agent was last heard
/// @param at when it was given
public record Lease(
        String agentId, String agentName, String bootId, long epoch, Duration ttl, Instant at) {}
