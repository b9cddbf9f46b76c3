package dev.slipway.workflow;

import java.util.List;
import java.util.Optional;

/// A YAML mapping, entries in file order. Keys are scalars and unique ignoring case.
record YamlMapping(Position position, List<Entry> entries, long events, long weight)
        implements YamlNode {

    /// One key and its value.
    record Entry(YamlScalar key, YamlNode value) {}

    YamlMapping {
        entries = List.copyOf(entries);
    }

    /// The value of a key, compared exactly.
    Optional<YamlNode> get(String key) {
        return entries.stream()
                .filter(entry -> entry.key().text().equals(key))
                .map(Entry::value)
                .findFirst();
    }
}
