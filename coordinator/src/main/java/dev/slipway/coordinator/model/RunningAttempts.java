package dev.slipway.coordinator.model;

import dev.slipway.id.AttemptId;

import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.TreeMap;
import java.util.TreeSet;

/// Which unfinished attempts the agents hold.
final class RunningAttempts {
    private final NavigableMap<String, NavigableSet<AttemptId>> byAgent = new TreeMap<>();

    Collection<AttemptId> of(String agentId) {
        NavigableSet<AttemptId> attempts = byAgent.get(agentId);
        return attempts == null ? List.of() : Collections.unmodifiableCollection(attempts);
    }

    /// Those that hold any.
    Collection<String> agents() {
        return Collections.unmodifiableCollection(byAgent.keySet());
    }

    void put(AttemptState attempt) {
        String agent = attempt.lease().agentId();
        if (!attempt.finished()) {
            byAgent.computeIfAbsent(agent, id -> new TreeSet<>()).add(attempt.id());
            return;
        }
        NavigableSet<AttemptId> attempts = byAgent.get(agent);
        if (attempts != null && attempts.remove(attempt.id()) && attempts.isEmpty()) {
            byAgent.remove(agent);
        }
    }
}
