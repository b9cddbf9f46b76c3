package dev.slipway.cli.report;

import dev.slipway.cli.client.Conclusion;
import dev.slipway.expression.Json;
import dev.slipway.expression.Value;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;

/// The fields of an object that `--json` prints, in their order.
final class Fields {
    private final Map<String, Value> fields = new LinkedHashMap<>();

    Fields value(String key, Value value) {
        fields.put(key, value);
        return this;
    }

    Fields text(String key, String text) {
        return value(key, Value.of(text));
    }

    Fields optional(String key, String text) {
        return value(key, text.isEmpty() ? Value.NULL : Value.of(text));
    }

    Fields number(String key, long number) {
        return value(key, Value.of((double) number));
    }

    Fields flag(String key, boolean flag) {
        return value(key, Value.of(flag));
    }

    Fields time(String key, @Nullable Instant at) {
        return value(key, at == null ? Value.NULL : Value.of(at.toString()));
    }

    Fields seconds(String key, Duration duration) {
        return value(key, Value.of(duration.toMillis() / 1000.0));
    }

    Fields conclusion(String key, @Nullable Conclusion conclusion) {
        return value(key, conclusion == null ? Value.NULL : Value.of(conclusion.word()));
    }

    Fields map(String key, Map<String, String> texts) {
        var entries = new LinkedHashMap<String, Value>();
        texts.forEach((name, text) -> entries.put(name, Value.of(text)));
        return value(key, Value.caseSensitiveObject(entries));
    }

    <T> Fields list(String key, Collection<T> items, Function<T, Value> each) {
        return value(key, Value.array(items.stream().map(each).toList()));
    }

    Value build() {
        return Value.caseSensitiveObject(fields);
    }

    String line() {
        return Json.compact(build());
    }
}
