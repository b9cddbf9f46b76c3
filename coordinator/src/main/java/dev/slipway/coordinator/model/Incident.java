package dev.slipway.coordinator.model;

import org.jspecify.annotations.Nullable;

import java.time.Instant;

/// Somebody outside says that an environment does not serve as it should: the deployment that
/// caused it is a failed change, and the time until it is closed counts as time to restore.
///
/// @param id farm-wide, from 1
/// @param label the environment as it was written
/// @param number of the deployment that caused it; 0 when there was none
/// @param key names it for whoever opened it, so that it is opened once; may be empty
/// @param closedAt null as long as it is open
public record Incident(
        long id,
        EnvironmentName environment,
        String label,
        long number,
        String key,
        String title,
        String openedBy,
        Instant openedAt,
        @Nullable Instant closedAt,
        String closedBy) {
    public boolean open() {
        return closedAt == null;
    }

    /// The same, closed.
    public Incident closed(String by, Instant at) {
        return new Incident(id, environment, label, number, key, title, openedBy, openedAt, at, by);
    }
}
