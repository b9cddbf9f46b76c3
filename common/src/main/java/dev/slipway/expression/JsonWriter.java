package dev.slipway.expression;

import dev.slipway.expression.Value.ArrayValue;
import dev.slipway.expression.Value.ObjectValue;

import java.util.List;
import java.util.Map;
import java.util.function.IntConsumer;

/// Writes values as JSON with the escapes of Newtonsoft.Json, which GitHub's `toJSON` uses.
final class JsonWriter {
    /// Writes a number that JSON cannot hold.
    interface OddNumber {
        void write(StringBuilder out, double number);
    }

    private final StringBuilder out;
    private final IntConsumer growth;

    /// @param growth told the length from time to time; it may throw to stop the writing
    JsonWriter(StringBuilder out, IntConsumer growth) {
        this.out = out;
        this.growth = growth;
    }

    void compact(Value value, OddNumber odd) {
        switch (value) {
            case ArrayValue(List<Value> items) -> {
                String separator = "[";
                for (Value item : items) {
                    out.append(separator);
                    compact(item, odd);
                    separator = ",";
                }
                out.append(items.isEmpty() ? "[]" : "]");
            }
            case ObjectValue object -> {
                String separator = "{";
                for (Map.Entry<String, Value> entry : object.entries().entrySet()) {
                    out.append(separator);
                    string(entry.getKey());
                    out.append(':');
                    compact(entry.getValue(), odd);
                    separator = ",";
                }
                out.append(object.entries().isEmpty() ? "{}" : "}");
            }
            case Value.NumberValue(double number) -> number(number, odd);
            case Value.StringValue(String text) -> string(text);
            case Value.NullValue _ -> out.append("null");
            case Value.BooleanValue _ -> out.append(value.text());
        }
    }

    private void number(double number, OddNumber odd) {
        if (Double.isNaN(number) || Double.isInfinite(number)) {
            odd.write(out, number);
            return;
        }
        long whole = (long) number;
        if (whole == number && Math.abs(whole) < 1L << 53) {
            out.append(whole);
        } else {
            out.append(number);
        }
    }

    void pretty(Value value) {
        pretty(value, 0);
    }

    private void pretty(Value value, int level) {
        growth.accept(out.length());
        switch (value) {
            case ArrayValue(List<Value> items) -> {
                String separator = "[";
                for (Value item : items) {
                    out.append(separator);
                    newLine(level + 1);
                    pretty(item, level + 1);
                    separator = ",";
                }
                close(items.isEmpty(), "[", "]", level);
            }
            case ObjectValue object -> {
                String separator = "{";
                for (Map.Entry<String, Value> entry : object.entries().entrySet()) {
                    out.append(separator);
                    newLine(level + 1);
                    string(entry.getKey());
                    out.append(": ");
                    pretty(entry.getValue(), level + 1);
                    separator = ",";
                }
                close(object.entries().isEmpty(), "{", "}", level);
            }
            case Value.StringValue(String text) -> string(text);
            case Value.NullValue _ -> out.append("null");
            case Value.NumberValue _, Value.BooleanValue _ -> out.append(value.text());
        }
    }

    private void close(boolean empty, String start, String end, int level) {
        if (empty) {
            out.append(start);
        } else {
            newLine(level);
        }
        out.append(end);
    }

    private void newLine(int level) {
        out.append('\n').repeat(' ', 2 * level);
    }

    private void string(String text) {
        out.append('"');
        int plain = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c >= ' ' && c != '"' && c != '\\' && c < '\u0085') {
                continue;
            }
            if (Character.isSurrogate(c) && isPair(text, i)) {
                i++;
                continue;
            }
            String escape = escape(c);
            if (!escape.isEmpty()) {
                out.append(text, plain, i).append(escape);
                plain = i + 1;
            }
        }
        out.append(text, plain, text.length()).append('"');
    }

    private static boolean isPair(String text, int at) {
        return at + 1 < text.length()
                && Character.isSurrogatePair(text.charAt(at), text.charAt(at + 1));
    }

    /// The escape of a character, if it has one; half a surrogate pair has, because no encoding can
    /// write it.
    private static String escape(char c) {
        return switch (c) {
            case '"' -> "\\\"";
            case '\\' -> "\\\\";
            case '\n' -> "\\n";
            case '\r' -> "\\r";
            case '\t' -> "\\t";
            case '\b' -> "\\b";
            case '\f' -> "\\f";
            case '\u0085', '\u2028', '\u2029' -> "\\u%04x".formatted((int) c);
            default -> c < ' ' || Character.isSurrogate(c) ? "\\u%04x".formatted((int) c) : "";
        };
    }
}
