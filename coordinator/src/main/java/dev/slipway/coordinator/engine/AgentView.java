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
/// @param quarantine why it gets no jobs although it wants some; empty when it is trusted
/// @param lastHeard {@link dev.slipway.time.Clock#uptime} at its last sign of life
/// @param attempts what it holds, lost ones included
public record AgentView(
        AgentInfo info,
        boolean connected,
        boolean drained,
        String quarantine,
        Duration lastHeard,
        List<AttemptId> attempts) {
    public AgentView {
        attempts = List.copyOf(attempts);
    }

    /// Why it gets no new jobs; empty when it does.
    public String unavailable() {
        if (!connected) {
            return "not connected";
        }
        if (drained || info.draining()) {
            return "draining";
        }
        return quarantine.isEmpty() ? info.unavailableReason() : quarantine;
    }

    public int busySlots() {
        return attempts.size();
    }
}
