package dev.slipway.workflow;

import dev.slipway.expression.Condition;

/// An `if` key: its condition, already wrapped in `success() && (…)` where GitHub does so.
///
/// @param condition what to evaluate
/// @param source the text as written; empty when the key is absent
/// @param position where it is written
/// @param places where in the file the characters of the source are
public record Guard(Condition condition, String source, Position position, Places places) {

    /// Whether the key is written at all.
    public boolean isWritten() {
        return !source.isBlank();
    }
}
