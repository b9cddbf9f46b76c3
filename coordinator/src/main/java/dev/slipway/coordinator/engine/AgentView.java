package dev.slipway.coordinator.engine;

import dev.slipway.coordinator.model.AgentInfo;
import dev.slipway.id.AttemptId;

import java.time.Duration;
import java.util.List;

/// An agent as the engine sees it.
///
/// @param info what it last said of itself
/// @param connected it has a session
/// @param drained an operator wants no new jobs on it
/// @param lastHeard {@link dev.slipway.time.Clock#uptime} at its last sign of life
/// @param attempts what it holds, lost ones included
public record AgentView(
        AgentInfo info,
        boolean connected,
        boolean drained,
        Duration lastHeard,
        List<AttemptId> attempts) {
    public AgentView {
        attempts = List.copyOf(attempts);
    }

    public int busySlots() {
        return attempts.size();
    }
}
