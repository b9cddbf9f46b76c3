package dev.slipway.coordinator.engine;

import dev.slipway.time.Clock;
import dev.slipway.time.Timers;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/// Knows when each agent was last heard, and wakes the engine when its leases may have ended. One
/// timer per agent that holds leases; hearing an agent moves no timer, an early one is set again.
/// {@link #heard} is for any thread, the rest for the engine's.
final class LeaseClock implements AutoCloseable {
    private final Clock clock;
    private final Timers timers;
    private final Consumer<String> wake;
    private final Duration serving;
    private final Map<String, Duration> heard = new ConcurrentHashMap<>();
    private final Map<String, Timers.Timer> watched = new HashMap<>();

    /// @param wake is called with an agent's id on the timers' thread
    LeaseClock(Clock clock, Timers timers, Consumer<String> wake) {
        this.clock = clock;
        this.timers = timers;
        this.wake = wake;
        this.serving = clock.uptime();
    }

    void heard(String agentId) {
        heard.put(agentId, clock.uptime());
    }

    /// When the agent was last heard; the moment of serving if it was not heard since.
    Duration lastHeard(String agentId) {
        return heard.getOrDefault(agentId, serving);
    }

    /// Watches an agent that holds leases, unless it is watched.
    ///
    /// @param silence how long it may be silent
    void watch(String agentId, Duration silence) {
        watched.computeIfAbsent(agentId, id -> timer(id, silence));
    }

    /// The agent's timer went off: it is watched no more.
    void rang(String agentId) {
        watched.remove(agentId);
    }

    /// The agent is gone and holds nothing.
    void forget(String agentId) {
        heard.remove(agentId);
    }

    @Override
    public void close() {
        watched.values().forEach(Timers.Timer::cancel);
        watched.clear();
    }

    private Timers.Timer timer(String agentId, Duration silence) {
        Duration left = lastHeard(agentId).plus(silence).minus(clock.uptime());
        return timers.after(left.isNegative() ? Duration.ZERO : left, () -> wake.accept(agentId));
    }
}
