package dev.slipway.coordinator.engine;

import dev.slipway.coordinator.model.AgentInfo;
import dev.slipway.coordinator.model.FarmView;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/// The agents that this process knows: who is connected, and who went lately. Not durable: after a
/// restart agents say everything again. For the engine's thread.
final class Agents {
    /// Agents that went and hold nothing: so many are remembered for listings.
    private static final int REMEMBERED = 256;

    /// Processes of one agent that are remembered.
    private static final int PROCESSES = 8;

    private final Map<String, Known> agents = new TreeMap<>();
    private final Map<String, String> connectedByName = new HashMap<>();
    private final Map<String, AgentInfo> gone = new LinkedHashMap<>();

    /// Agent → its processes that gave way to a later one. One that comes back was never dead.
    private final Map<String, Set<String>> replaced = new HashMap<>();

    /// @param connection the latest; later ones replace earlier ones
    private record Known(AgentInfo info, long connection, boolean connected) {}

    /// Whether this process was that agent once, and another process has been it since.
    boolean wasReplaced(AgentInfo agent) {
        return replaced.getOrDefault(agent.id(), Set.of()).contains(agent.processId());
    }

    /// How many are connected.
    int connected() {
        return connectedByName.size();
    }

    /// A connected agent of the same name that is not the same agent.
    Optional<AgentInfo> rival(AgentInfo agent) {
        String other = connectedByName.get(agent.name());
        return other == null || other.equals(agent.id())
                ? Optional.empty()
                : Optional.ofNullable(info(other));
    }

    /// @return false when a later connection is known
    boolean connect(AgentInfo agent, long connection) {
        Known known = agents.get(agent.id());
        if (known != null && known.connection > connection) {
            return false;
        }
        if (known != null && !known.info.processId().equals(agent.processId())) {
            remember(agent.id(), known.info.processId());
        }
        put(agent, connection);
        gone.remove(agent.id());
        return true;
    }

    private void remember(String agentId, String processId) {
        Set<String> processes = replaced.computeIfAbsent(agentId, id -> new LinkedHashSet<>());
        processes.add(processId);
        if (processes.size() > PROCESSES) {
            processes.remove(processes.iterator().next());
        }
    }

    /// @return false when that is not the agent's connection any more
    boolean change(AgentInfo agent, long connection) {
        if (!isLatest(agent.id(), connection)) {
            return false;
        }
        put(agent, connection);
        return true;
    }

    /// @return false when that is not the agent's connection any more
    boolean disconnect(String agentId, long connection) {
        Known known = agents.get(agentId);
        if (known == null || !isLatest(agentId, connection)) {
            return false;
        }
        agents.put(agentId, new Known(known.info, connection, false));
        connectedByName.remove(known.info.name(), agentId);
        return true;
    }

    /// Forgets an agent that is not connected and holds nothing.
    boolean dropIfIdle(String agentId, FarmView farm) {
        Known known = agents.get(agentId);
        if (known == null || known.connected || !farm.attemptsOf(agentId).isEmpty()) {
            return false;
        }
        agents.remove(agentId);
        replaced.remove(agentId);
        gone.put(agentId, known.info);
        if (gone.size() > REMEMBERED) {
            gone.remove(gone.keySet().iterator().next());
        }
        return true;
    }

    @Nullable AgentInfo info(String agentId) {
        Known known = agents.get(agentId);
        return known == null ? null : known.info;
    }

    boolean connected(String agentId) {
        Known known = agents.get(agentId);
        return known != null && known.connected;
    }

    /// An agent by its id, or by its name.
    Optional<String> find(String idOrName, FarmView farm) {
        if (agents.containsKey(idOrName)
                || gone.containsKey(idOrName)
                || farm.drains().containsKey(idOrName)
                || !farm.attemptsOf(idOrName).isEmpty()) {
            return Optional.of(idOrName);
        }
        Optional<String> known =
                agents.values().stream()
                        .map(Known::info)
                        .filter(info -> info.name().equals(idOrName))
                        .map(AgentInfo::id)
                        .findFirst();
        return known.isPresent()
                ? known
                : gone.values().stream()
                        .filter(info -> info.name().equals(idOrName))
                        .map(AgentInfo::id)
                        .findFirst();
    }

    List<AgentView> views(FarmView farm, LeaseClock clock, Quarantine quarantine) {
        var views = new ArrayList<AgentView>();
        agents.forEach(
                (id, known) ->
                        views.add(view(known.info, known.connected, farm, clock, quarantine)));
        gone.forEach((id, info) -> views.add(view(info, false, farm, clock, quarantine)));
        for (String id : farm.agentsWithAttempts()) {
            if (!agents.containsKey(id)) {
                views.add(view(silent(id, farm), false, farm, clock, quarantine));
            }
        }
        views.sort(
                Comparator.comparing((AgentView view) -> view.info().name())
                        .thenComparing(view -> view.info().id()));
        return views;
    }

    private void put(AgentInfo agent, long connection) {
        Known before = agents.put(agent.id(), new Known(agent, connection, true));
        if (before != null) {
            connectedByName.remove(before.info.name(), agent.id());
        }
        connectedByName.put(agent.name(), agent.id());
    }

    private boolean isLatest(String agentId, long connection) {
        Known known = agents.get(agentId);
        return known != null && known.connection == connection;
    }

    private static AgentView view(
            AgentInfo info,
            boolean connected,
            FarmView farm,
            LeaseClock clock,
            Quarantine quarantine) {
        var attempts =
                farm.attemptsOf(info.id()).stream()
                        .filter(id -> farm.attempt(id).orElseThrow().live())
                        .toList();
        Duration heard = clock.lastHeard(info.id());
        return new AgentView(
                info,
                connected,
                farm.drains().containsKey(info.id()),
                quarantine.reason(info.id()).orElse(""),
                heard,
                attempts);
    }

    /// An agent that holds leases but has not come back since this process began.
    private static AgentInfo silent(String id, FarmView farm) {
        var lease = farm.attempt(farm.attemptsOf(id).iterator().next()).orElseThrow().lease();
        return new AgentInfo(
                id,
                lease.agentName(),
                lease.bootId(),
                "",
                "",
                farm.attemptsOf(id).size(),
                List.of(),
                "",
                "",
                false,
                "it has not come back since the coordinator started",
                List.of());
    }
}
