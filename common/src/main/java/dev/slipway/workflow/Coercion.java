package dev.slipway.workflow;

import dev.slipway.expression.ExpressionException;
import dev.slipway.expression.Value;

import java.util.LinkedHashMap;
import java.util.Map;

/// Checks that an evaluated value has the type that its key needs.
///
/// GitHub converts nothing here: `timeout-minutes: ${{ vars.T }}` gives text and is refused, since
/// every variable is text. The messages say what to write instead.
public final class Coercion {

    private static final double MAX_MINUTES = 60.0 * 24 * 365;

    private Coercion() {}

    /// A boolean, for keys such as `continue-on-error`.
    ///
    /// @param where the key as messages name it: `continue-on-error`
    /// @throws ExpressionException when the value is anything else
    public static boolean bool(Value value, String where) {
        if (value instanceof Value.BooleanValue flag) {
            return flag.value();
        }
        throw wrong(value, where, "true or false");
    }

    /// A number, for keys such as `max-parallel`.
    ///
    /// @throws ExpressionException when the value is anything else
    public static double number(Value value, String where) {
        if (value instanceof Value.NumberValue number && !Double.isNaN(number.value())) {
            return number.value();
        }
        throw wrong(value, where, "a number");
    }

    /// A number of minutes above zero and at most a year, for timeouts. Fractions are allowed.
    ///
    /// @throws ExpressionException when the value is anything else
    public static double minutes(Value value, String where) {
        double minutes = number(value, where);
        if (minutes <= 0 || minutes > MAX_MINUTES) {
            throw new ExpressionException(
                    "'"
                            + where
                            + "' must be above 0 and at most "
                            + (long) MAX_MINUTES
                            + " minutes, not "
                            + value.text());
        }
        return minutes;
    }

    /// A text; numbers and booleans are written out, null is empty.
    ///
    /// @throws ExpressionException for arrays and objects
    public static String text(Value value, String where) {
        if (value.kind().isPrimitive()) {
            return value.text();
        }
        throw wrong(value, where, "text");
    }

    /// A mapping of names to texts, for `env`, `with` and `outputs`; null is an empty one.
    ///
    /// @throws ExpressionException for anything else
    public static Map<String, String> textMap(Value value, String where) {
        Map<String, String> texts = new LinkedHashMap<>();
        object(value, where)
                .forEach((key, entry) -> texts.put(key, text(entry, where + "." + key)));
        return texts;
    }

    /// A mapping; null is an empty one.
    ///
    /// @throws ExpressionException for anything else
    public static Map<String, Value> object(Value value, String where) {
        return switch (value) {
            case Value.ObjectValue object -> object.entries();
            case Value.NullValue _ -> Map.of();
            default -> throw wrong(value, where, "a mapping");
        };
    }

    /// A value as messages show it: `the text 'abc'`, `a list`.
    public static String describe(Value value) {
        return switch (value) {
            case Value.NullValue _ -> "nothing";
            case Value.BooleanValue flag -> "the boolean " + flag.text();
            case Value.NumberValue number -> "the number " + number.text();
            case Value.StringValue text -> "the text '" + YamlScalar.abbreviate(text.text()) + "'";
            case Value.ArrayValue _ -> "a list";
            case Value.ObjectValue _ -> "a mapping";
        };
    }

    private static ExpressionException wrong(Value value, String where, String expected) {
        String hint =
                value instanceof Value.StringValue && !expected.equals("text")
                        ? "; an expression that gives text needs fromJSON(…) around it"
                        : "";
        return new ExpressionException(
                "'" + where + "' must be " + expected + ", not " + describe(value) + hint);
    }
}
