package dev.slipway.coordinator.engine;

import dev.slipway.coordinator.model.Event;

import java.util.List;

/// Hears of events after they are durable.
public interface EventListener {
    /// Called once per batch on the engine's thread, in the order of positions. Must not block and
    /// must not throw: hand the events to a bounded queue of your own.
    void committed(long position, List<Event> events);
}
