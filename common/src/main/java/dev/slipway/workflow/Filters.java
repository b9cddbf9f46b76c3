package dev.slipway.workflow;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// What narrows an event: lists of patterns or names, by kind. A missing kind does not narrow.
public record Filters(Map<Kind, List<Located<String>>> lists) {

    /// No filter at all.
    public static final Filters NONE = new Filters(Map.of());

    /// The filter keys of all events.
    public enum Kind {
        TYPES,
        BRANCHES,
        BRANCHES_IGNORE,
        TAGS,
        TAGS_IGNORE,
        PATHS,
        PATHS_IGNORE,
        WORKFLOWS,
        NAMES,
        VERSIONS;

        /// The key as written in a workflow: `branches-ignore`.
        public String key() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }

        static Optional<Kind> ofKey(String key) {
            return Arrays.stream(values()).filter(kind -> kind.key().equals(key)).findFirst();
        }
    }

    public Filters {
        Map<Kind, List<Located<String>>> copy = new EnumMap<>(Kind.class);
        lists.forEach((kind, list) -> copy.put(kind, List.copyOf(list)));
        lists = java.util.Collections.unmodifiableMap(copy);
    }

    /// Whether the key is written, even with an empty list.
    public boolean has(Kind kind) {
        return lists.containsKey(kind);
    }

    /// The list's texts; empty when the key is not written.
    public List<String> values(Kind kind) {
        return lists.getOrDefault(kind, List.of()).stream().map(Located::value).toList();
    }
}
