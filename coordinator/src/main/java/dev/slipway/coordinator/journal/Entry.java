package dev.slipway.coordinator.journal;

import dev.slipway.coordinator.model.Event;

import java.util.List;

/// One batch of events, written at once.
///
/// @param position counts entries, from 1
/// @param epoch of the coordinator that wrote it
/// @param events in order, at least one
public record Entry(long position, long epoch, List<Event> events) {
    public Entry {
        events = List.copyOf(events);
    }
}
