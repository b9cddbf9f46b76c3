package dev.slipway.agent.output;

import dev.slipway.expression.Json;
import dev.slipway.expression.Value;
import dev.slipway.expression.Value.ArrayValue;
import dev.slipway.expression.Value.ObjectValue;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/// One problem matcher as its JSON file declares it.
///
/// @param owner replaces an earlier matcher of the same owner
/// @param severity what a match is when the pattern does not say; may be empty
/// @param patterns match consecutive lines
record MatcherConfig(String owner, String severity, List<PatternConfig> patterns) {
    private static final Set<String> SEVERITIES = Set.of("", "error", "warning", "notice");

    /// What a group of a pattern may capture.
    enum Part {
        FILE("file"),
        LINE("line"),
        COLUMN("column"),
        SEVERITY("severity"),
        CODE("code"),
        MESSAGE("message"),
        FROM_PATH("fromPath");

        private final String key;

        Part(String key) {
            this.key = key;
        }
    }

    /// One line of a matcher.
    ///
    /// @param groups which group captures what
    /// @param loop the last pattern keeps matching further lines
    record PatternConfig(
            String regexp, EcmaPattern compiled, Map<Part, Integer> groups, boolean loop) {
        PatternConfig {
            groups = Map.copyOf(groups);
        }
    }

    MatcherConfig {
        patterns = List.copyOf(patterns);
    }

    /// Reads `{"problemMatcher": [...]}`.
    ///
    /// @throws IllegalArgumentException when it is none; the message says why
    static List<MatcherConfig> parseFile(String json) {
        return parseAll(Json.parse(json).get("problemMatcher"));
    }

    /// Reads a list of matchers.
    static List<MatcherConfig> parseAll(Value list) {
        var matchers = new ArrayList<MatcherConfig>();
        var owners = new HashSet<String>();
        if (list instanceof ArrayValue(List<Value> items)) {
            for (Value item : items) {
                MatcherConfig matcher = parse(item);
                if (!owners.add(matcher.owner().toLowerCase(Locale.ROOT))) {
                    throw new IllegalArgumentException(
                            "Duplicate owner name '%s'".formatted(matcher.owner()));
                }
                matchers.add(matcher);
            }
        }
        return matchers;
    }

    private static MatcherConfig parse(Value value) {
        String owner = value.get("owner").text();
        if (owner.isEmpty()) {
            throw new IllegalArgumentException("Owner must not be empty");
        }
        String severity = value.get("severity").text();
        if (!SEVERITIES.contains(severity.toLowerCase(Locale.ROOT))) {
            throw new IllegalArgumentException(
                    "Matcher '%s' contains unexpected default severity '%s'"
                            .formatted(owner, severity));
        }
        Value pattern = value.get("pattern");
        // A single pattern may stand without its list.
        List<Value> given =
                pattern instanceof ArrayValue(List<Value> items)
                        ? items
                        : pattern instanceof ObjectValue ? List.of(pattern) : List.of();
        if (given.isEmpty()) {
            throw new IllegalArgumentException(
                    "Matcher '%s' does not contain any patterns".formatted(owner));
        }
        var patterns = new ArrayList<PatternConfig>();
        var seen = new HashSet<Part>();
        for (int i = 0; i < given.size(); i++) {
            PatternConfig parsed = parsePattern(given.get(i), seen);
            if (parsed.loop() && (i == 0 || i < given.size() - 1)) {
                throw new IllegalArgumentException(
                        "Only the last pattern in a multiline matcher may set 'loop'");
            }
            patterns.add(parsed);
        }
        if (!seen.contains(Part.MESSAGE)) {
            throw new IllegalArgumentException("At least one pattern must set 'message'");
        }
        return new MatcherConfig(owner, severity, patterns);
    }

    private static PatternConfig parsePattern(Value value, Set<Part> seen) {
        String regexp = value.get("regexp").text();
        EcmaPattern compiled = EcmaPattern.compile(regexp);
        var groups = new EnumMap<Part, Integer>(Part.class);
        for (Part part : Part.values()) {
            Value group = value.get(part.key);
            if (group.kind() == Value.Kind.NULL) {
                continue;
            }
            double number = group.number();
            if (!(number >= 0 && number <= compiled.groups() && number == Math.rint(number))) {
                throw new IllegalArgumentException(
                        "The property '%s' is set to '%s', but the pattern '%s' has %d groups"
                                .formatted(part.key, group.text(), regexp, compiled.groups()));
            }
            if (!seen.add(part)) {
                throw new IllegalArgumentException(
                        "The property '%s' is set twice".formatted(part.key));
            }
            groups.put(part, (int) number);
        }
        boolean loop = value.get("loop").truthy();
        if (loop && !groups.containsKey(Part.MESSAGE)) {
            throw new IllegalArgumentException("The loop pattern must set 'message'");
        }
        return new PatternConfig(regexp, compiled, groups, loop);
    }

    /// The matcher as it could stand in its file.
    Value toValue() {
        var fields = new LinkedHashMap<String, Value>();
        fields.put("owner", Value.of(owner));
        fields.put("severity", Value.of(severity));
        fields.put("pattern", Value.array(patterns.stream().map(MatcherConfig::toValue).toList()));
        return Value.object(fields);
    }

    private static Value toValue(PatternConfig pattern) {
        var fields = new LinkedHashMap<String, Value>();
        fields.put("regexp", Value.of(pattern.regexp()));
        for (Part part : Part.values()) {
            Integer group = pattern.groups().get(part);
            if (group != null) {
                fields.put(part.key, Value.of(group));
            }
        }
        fields.put("loop", Value.of(pattern.loop()));
        return Value.object(fields);
    }
}
