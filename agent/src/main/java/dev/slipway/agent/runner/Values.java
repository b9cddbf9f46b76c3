package dev.slipway.agent.runner;

import dev.slipway.expression.Value;
import dev.slipway.expression.Value.ArrayValue;
import dev.slipway.expression.Value.ObjectValue;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Between the expression language's values and Java's: for contexts and for the checkpoint.
final class Values {
    private Values() {}

    static ObjectValue ofStrings(Map<String, String> map) {
        var values = new LinkedHashMap<String, Value>();
        map.forEach((key, text) -> values.put(key, Value.of(text)));
        return Value.object(values);
    }

    /// The `env` context respects case.
    static ObjectValue ofEnvironment(Map<String, String> map) {
        var values = new LinkedHashMap<String, Value>();
        map.forEach((key, text) -> values.put(key, Value.of(text)));
        return Value.caseSensitiveObject(values);
    }

    /// The entries of an object as texts; empty for anything else.
    static Map<String, String> strings(Value value) {
        var map = new LinkedHashMap<String, String>();
        if (value instanceof ObjectValue object) {
            object.entries().forEach((key, item) -> map.put(key, item.text()));
        }
        return map;
    }

    /// A map as an array of pairs: names that differ only in case stay apart.
    static ArrayValue ofPairs(Map<String, String> map) {
        return Value.array(
                map.entrySet().stream()
                        .map(e -> Value.array(Value.of(e.getKey()), Value.of(e.getValue())))
                        .toList());
    }

    /// What {@link #ofPairs} made.
    static Map<String, String> pairs(Value value) {
        var map = new LinkedHashMap<String, String>();
        if (value instanceof ArrayValue(List<Value> items)) {
            items.forEach(pair -> map.put(pair.get(0).text(), pair.get(1).text()));
        }
        return map;
    }

    /// The items of an array as texts; empty for anything else.
    static List<String> texts(Value value) {
        return value instanceof ArrayValue(List<Value> items)
                ? items.stream().map(Value::text).toList()
                : List.of();
    }

    /// An object under construction; keys in the order given.
    static ObjectValue object(Object... keysAndValues) {
        var values = new LinkedHashMap<String, Value>();
        for (int i = 0; i < keysAndValues.length; i += 2) {
            values.put((String) keysAndValues[i], of(keysAndValues[i + 1]));
        }
        return Value.object(values);
    }

    private static Value of(Object value) {
        return switch (value) {
            case Value already -> already;
            case String text -> Value.of(text);
            case Boolean flag -> Value.of(flag.booleanValue());
            case Number number -> Value.of(number.doubleValue());
            case Instant at -> Value.of(at.toString());
            case Conclusion conclusion -> Value.of(conclusion.name());
            default -> throw new IllegalArgumentException("no value: " + value.getClass());
        };
    }

    static Instant instant(Value value) {
        return Instant.parse(value.text());
    }

    static Optional<Conclusion> conclusion(Value value) {
        return value.text().isEmpty()
                ? Optional.empty()
                : Optional.of(Conclusion.valueOf(value.text()));
    }
}
