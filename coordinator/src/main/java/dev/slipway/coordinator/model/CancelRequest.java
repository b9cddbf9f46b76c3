package dev.slipway.coordinator.model;

import org.jspecify.annotations.Nullable;

import java.time.Instant;

/// That something shall be cancelled: who wants it, why, since when.
///
/// @param reason for people, e.g. `a newer run wants the concurrency group 'deploy'`
/// @param by a person or `slipway`
/// @param force nothing runs any more, steps that insist on running included
public record CancelRequest(String reason, String by, Instant at, boolean force) {
    /// A cancel that lets steps and jobs run which insist on it.
    public CancelRequest(String reason, String by, Instant at) {
        this(reason, by, at, false);
    }

    /// Whether this asks for more than `before` did.
    public boolean exceeds(@Nullable CancelRequest before) {
        return before == null || (force && !before.force);
    }
}
