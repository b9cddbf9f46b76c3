package dev.slipway.coordinator.schedule;

import dev.slipway.id.JobId;

/// A job that goes to an agent now.
public record Placement(JobId job, String agentId) {}
