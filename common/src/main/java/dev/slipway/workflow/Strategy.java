package dev.slipway.workflow;

import java.util.Optional;

/// The `strategy` key: how a job becomes several ({@link Vocabularies#STRATEGY}).
///
/// @param value a mapping with `matrix`, `fail-fast` and `max-parallel`, or one expression for it
public record Strategy(Computed value, Position position) {

    /// The `matrix` key: a mapping whose lists are vectors, with `include` and `exclude`, or one
    /// expression; absent when there is none or when all of strategy is one expression.
    public Optional<Computed> matrix() {
        return value.get("matrix");
    }

    /// The `fail-fast` key; true when absent.
    public Optional<Computed> failFast() {
        return value.get("fail-fast");
    }

    /// The `max-parallel` key.
    public Optional<Computed> maxParallel() {
        return value.get("max-parallel");
    }
}
