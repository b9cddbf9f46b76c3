package dev.slipway.workflow;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// Reads a mapping whose keys are known: reports unknown and missing keys, hands out the values.
final class MappingReader {

    private final Position position;
    private final String where;
    private final Map<String, YamlMapping.Entry> entries;
    private final Problems problems;
    private boolean computed;

    private MappingReader(
            YamlMapping mapping,
            String where,
            Collection<String> keys,
            boolean computable,
            Problems problems) {
        this.position = mapping.position();
        this.where = where;
        this.problems = problems;
        this.entries = new LinkedHashMap<>();
        for (YamlMapping.Entry entry : mapping.entries()) {
            String key = entry.key().text();
            if (keys.contains(key)) {
                entries.put(key, entry);
            } else if (computable && key.startsWith("${{")) {
                computed = true;
            } else {
                problems.error(
                        entry.key().position(),
                        "unknown key '"
                                + YamlScalar.abbreviate(key)
                                + "' in "
                                + where
                                + Suggest.hint(key, keys));
            }
        }
    }

    /// A reader, or nothing (and a problem) when the node is not a mapping.
    ///
    /// @param where how messages name the mapping: `job 'build'`
    static Optional<MappingReader> of(
            YamlNode node, String where, Collection<String> keys, Problems problems) {
        return of(node, where, keys, false, problems);
    }

    /// The same for a mapping whose keys may be expressions, `${{ insert }}` above all: what they
    /// will give is not known, so no key is missing.
    static Optional<MappingReader> ofComputable(
            YamlNode node, String where, Collection<String> keys, Problems problems) {
        return of(node, where, keys, true, problems);
    }

    private static Optional<MappingReader> of(
            YamlNode node,
            String where,
            Collection<String> keys,
            boolean computable,
            Problems problems) {
        if (node instanceof YamlMapping mapping) {
            return Optional.of(new MappingReader(mapping, where, keys, computable, problems));
        }
        problems.error(node.position(), where + " must be a mapping, not " + node.kindName());
        return Optional.empty();
    }

    /// The value of a key.
    Optional<YamlNode> get(String key) {
        return Optional.ofNullable(entries.get(key)).map(YamlMapping.Entry::value);
    }

    /// The value of a key that must be there; reports when it is not.
    Optional<YamlNode> require(String key) {
        Optional<YamlNode> value = get(key);
        if (value.isEmpty() && !computed) {
            problems.error(position, where + " needs the key '" + key + "'");
        }
        return value;
    }

    /// Where a key is written; the mapping's start when it is not.
    Position keyPosition(String key) {
        YamlMapping.Entry entry = entries.get(key);
        return entry == null ? position : entry.key().position();
    }

    /// Whether a key is an expression, so that others may be there when it runs.
    boolean isComputed() {
        return computed;
    }

    boolean has(String key) {
        return entries.containsKey(key);
    }

    Position position() {
        return position;
    }
}
