package dev.slipway.workflow;

import dev.slipway.expression.Value;

import java.util.Optional;
import java.util.regex.Pattern;

/// The YAML 1.2 core schema, as GitHub's reader applies it: which value a plain scalar has.
///
/// Only `true`/`false` in three spellings are booleans, so the key `on` and values such as `yes`
/// are strings.
final class CoreSchema {

    private static final Pattern INTEGER = Pattern.compile("[-+]?[0-9]+");
    private static final Pattern HEX = Pattern.compile("0x[0-9a-fA-F]+");
    private static final Pattern OCTAL = Pattern.compile("0o[0-7]+");
    private static final Pattern FLOAT =
            Pattern.compile("[-+]?(\\.[0-9]+|[0-9]+(\\.[0-9]*)?)([eE][-+]?[0-9]+)?");

    private CoreSchema() {}

    /// The value of a plain scalar without a tag.
    static Value plain(String text) {
        return isNull(text)
                ? Value.NULL
                : bool(text).or(() -> number(text)).orElseGet(() -> Value.of(text));
    }

    static boolean isNull(String text) {
        return switch (text) {
            case "", "~", "null", "Null", "NULL" -> true;
            default -> false;
        };
    }

    static Optional<Value> bool(String text) {
        return switch (text) {
            case "true", "True", "TRUE" -> Optional.of(Value.of(true));
            case "false", "False", "FALSE" -> Optional.of(Value.of(false));
            default -> Optional.empty();
        };
    }

    /// An integer or a float.
    static Optional<Value> number(String text) {
        return integer(text).or(() -> floating(text));
    }

    static Optional<Value> integer(String text) {
        if (text.isEmpty() || !startsLikeNumber(text.charAt(0))) {
            return Optional.empty();
        }
        if (INTEGER.matcher(text).matches()) {
            return Optional.of(Value.of(Double.parseDouble(text)));
        }
        if (HEX.matcher(text).matches()) {
            return Optional.of(Value.of(radix(text.substring(2), 16)));
        }
        return OCTAL.matcher(text).matches()
                ? Optional.of(Value.of(radix(text.substring(2), 8)))
                : Optional.empty();
    }

    static Optional<Value> floating(String text) {
        return switch (text) {
            case ".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF" ->
                    Optional.of(Value.of(Double.POSITIVE_INFINITY));
            case "-.inf", "-.Inf", "-.INF" -> Optional.of(Value.of(Double.NEGATIVE_INFINITY));
            case ".nan", ".NaN", ".NAN" -> Optional.of(Value.of(Double.NaN));
            default ->
                    !text.isEmpty()
                                    && startsLikeNumber(text.charAt(0))
                                    && FLOAT.matcher(text).matches()
                            ? Optional.of(Value.of(Double.parseDouble(text)))
                            : Optional.empty();
        };
    }

    private static boolean startsLikeNumber(char c) {
        return (c >= '0' && c <= '9') || c == '-' || c == '+' || c == '.';
    }

    private static double radix(String digits, int radix) {
        double value = 0;
        for (int i = 0; i < digits.length(); i++) {
            value = value * radix + Character.digit(digits.charAt(i), radix);
        }
        return value;
    }
}
