package dev.slipway.notice;

import dev.slipway.expression.Value;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/// What is said, whoever hears it.
///
/// @param key the same for the same message, also when it is sent again
/// @param title one line
/// @param text some lines
/// @param status how it went: `success`, `failure`, …
/// @param source whose it is: the project
/// @param facts more for programs, in this order
public record Notice(
        String key,
        String title,
        String text,
        String status,
        String source,
        Map<String, Value> facts) {
    public Notice {
        facts = Collections.unmodifiableMap(new LinkedHashMap<>(facts));
    }
}
