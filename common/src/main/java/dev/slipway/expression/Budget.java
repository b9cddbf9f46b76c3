package dev.slipway.expression;

import dev.slipway.expression.Value.ArrayValue;
import dev.slipway.expression.Value.ObjectValue;
import dev.slipway.expression.Value.StringValue;

/// Counts what one evaluation creates, roughly as .NET would hold it, and stops it at GitHub's 10
/// MiB.
final class Budget {
    static final int MAX_BYTES = 10 * 1024 * 1024;

    private static final int OBJECT = 24;
    private static final int REFERENCE = 8;

    private final String source;
    private long used;

    Budget(String source) {
        this.source = source;
    }

    /// Fails when a text of that length, still growing, would not fit.
    void ensureText(int length) {
        if (used + textSize(length) > MAX_BYTES) {
            throw exceeded();
        }
    }

    /// Counts a finished text.
    Value text(String text) {
        take(textSize(text.length()));
        return Value.of(text);
    }

    /// Counts a list of values that exist already.
    void takeList(int items) {
        take(OBJECT + (long) items * REFERENCE);
    }

    /// Counts a value with all that is in it.
    void take(Value value) {
        switch (value) {
            case StringValue(String text) -> take(textSize(text.length()));
            case ArrayValue(var items) -> {
                takeList(items.size());
                items.forEach(this::take);
            }
            case ObjectValue object -> {
                takeList(2 * object.entries().size());
                object.entries()
                        .forEach(
                                (key, item) -> {
                                    take(textSize(key.length()));
                                    take(item);
                                });
            }
            case Value.NullValue _, Value.BooleanValue _, Value.NumberValue _ -> take(REFERENCE);
        }
    }

    private void take(long bytes) {
        used += bytes;
        if (used > MAX_BYTES) {
            throw exceeded();
        }
    }

    private static long textSize(int length) {
        return OBJECT + 2L * length;
    }

    private ExpressionException exceeded() {
        return new ExpressionException(
                "The maximum allowed memory size was exceeded while evaluating the following"
                        + " expression: "
                        + source);
    }
}
