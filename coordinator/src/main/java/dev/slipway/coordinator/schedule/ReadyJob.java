package dev.slipway.coordinator.schedule;

import dev.slipway.coordinator.model.Labels;
import dev.slipway.id.JobId;

import java.time.Duration;
import java.util.List;
import java.util.Set;

/// A job that waits for an agent and for nothing else.
///
/// @param project slots are shared fairly between projects
/// @param labels all of them must be on the agent; normalised
/// @param priority higher goes first; 0 is usual
/// @param readySince {@link dev.slipway.time.Clock#uptime} when it became ready
/// @param avoid ids of agents that failed it; used only when no other agent fits
public record ReadyJob(
        JobId id,
        String project,
        List<String> labels,
        int priority,
        Duration readySince,
        Set<String> avoid) {
    public ReadyJob {
        labels = Labels.normal(labels);
        avoid = Set.copyOf(avoid);
    }
}
