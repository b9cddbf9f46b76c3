package dev.slipway.workflow;

import dev.slipway.expression.Value;

/// A YAML scalar: its text as written (unquoted, unfolded) and the value that the core schema gives
/// it.
///
/// @param text the text after quotes, escapes and folding are gone
/// @param value null, boolean, number or string by the YAML 1.2 core schema
/// @param style how the scalar is written
/// @param source the whole file, to place problems inside the scalar
record YamlScalar(Position position, String text, Value value, Style style, SourceText source)
        implements YamlNode {

    /// How a scalar is written. Only plain scalars can be anything but a string without a tag.
    enum Style {
        PLAIN,
        SINGLE_QUOTED,
        DOUBLE_QUOTED,
        BLOCK
    }

    @Override
    public long events() {
        return 1;
    }

    @Override
    public long weight() {
        return 2L * text.length() + 24;
    }

    boolean isNull() {
        return value instanceof Value.NullValue;
    }

    /// The value as GitHub reads it where a string is expected: `1.10` is `1.1`, null is empty.
    String asString() {
        return value.text();
    }

    /// Where a character of {@link #text} is in the file.
    Position locate(int offset) {
        return offset <= 0 && style == Style.PLAIN ? position : source.locate(this, offset);
    }

    String describe() {
        return switch (value) {
            case Value.NullValue _ -> "an empty value";
            case Value.BooleanValue flag -> "the boolean " + flag.text();
            case Value.NumberValue number -> "the number " + number.text();
            default -> "'" + abbreviate(text) + "'";
        };
    }

    static String abbreviate(String text) {
        String line = text.strip().replaceAll("\\s+", " ");
        return line.length() <= 60 ? line : line.substring(0, 57) + "...";
    }
}
