package dev.slipway.workflow;

import dev.slipway.expression.Condition;

/// An `if` key: its condition, already wrapped in `success() && (…)` where GitHub does so.
///
/// @param condition what to evaluate
/// @param source the text as written; empty when the key is absent
/// @param position where it is written
public record Guard(Condition condition, String source, Position position) {

    /// Whether the key is written at all.
    public boolean isWritten() {
        return !source.isBlank();
    }
}
