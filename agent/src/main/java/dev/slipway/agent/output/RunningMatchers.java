package dev.slipway.agent.output;

import dev.slipway.agent.output.MatcherConfig.Part;
import dev.slipway.agent.output.MatcherConfig.PatternConfig;
import dev.slipway.expression.Value;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/// The problem matchers at work on one step's output: how far each multi-line matcher has come.
final class RunningMatchers {
    private static final Pattern COLOUR = Pattern.compile("\u001b\\[[0-9;]*m?");

    private final ProblemMatchers registered;
    private List<MatcherConfig> known = List.of();
    private List<Running> running = List.of();

    /// What a problem matcher found in a line.
    record Found(Map<Part, String> parts) {
        Found {
            parts = Map.copyOf(parts);
        }

        String part(Part part) {
            return parts.getOrDefault(part, "");
        }
    }

    RunningMatchers(ProblemMatchers registered) {
        this.registered = registered;
    }

    boolean isEmpty() {
        return registered.current().isEmpty();
    }

    static String withoutColours(String line) {
        return line.indexOf('\u001b') < 0 ? line : COLOUR.matcher(line).replaceAll("");
    }

    /// What the newest matching matcher makes of a line.
    ///
    /// @param removed told a matcher that was removed because it takes too long, and why
    Optional<Found> match(String line, BiConsumer<String, String> removed) {
        refresh();
        for (Running matcher : running) {
            try {
                Optional<Found> found = matcher.match(line);
                if (found.isPresent()) {
                    running.stream().filter(other -> other != matcher).forEach(Running::reset);
                    return found;
                }
            } catch (EcmaPattern.TooMuchWork | StackOverflowError e) {
                registered.remove(matcher.config.owner());
                removed.accept(matcher.config.owner(), "a pattern took too long on one line");
            }
        }
        return Optional.empty();
    }

    // The registry hands out the same list until it changes.
    @SuppressWarnings("ReferenceEquality")
    private void refresh() {
        List<MatcherConfig> current = registered.current();
        if (current == known) {
            return;
        }
        var kept = new HashMap<MatcherConfig, Running>();
        running.forEach(matcher -> kept.put(matcher.config, matcher));
        running =
                current.stream()
                        .map(config -> kept.getOrDefault(config, new Running(config)))
                        .toList();
        known = current;
    }

    /// How far the multi-line matchers have come, by owner; for a checkpoint.
    Value toValue() {
        var fields = new LinkedHashMap<String, Value>();
        for (Running matcher : running) {
            if (matcher.isUnderWay()) {
                fields.put(matcher.config.owner(), matcher.toValue());
            }
        }
        return Value.object(fields);
    }

    void restore(Value value) {
        refresh();
        running.forEach(matcher -> matcher.restore(value.get(matcher.config.owner())));
    }

    private static final class Running {
        private final MatcherConfig config;

        /// What the first patterns have captured; null where they have not matched.
        private final @Nullable Map<Part, String>[] captured;

        @SuppressWarnings({"unchecked", "rawtypes"})
        Running(MatcherConfig config) {
            this.config = config;
            captured = new Map[config.patterns().size() - 1];
        }

        void reset() {
            java.util.Arrays.fill(captured, null);
        }

        boolean isUnderWay() {
            for (Map<Part, String> parts : captured) {
                if (parts != null) {
                    return true;
                }
            }
            return false;
        }

        Optional<Found> match(String line) {
            int last = config.patterns().size() - 1;
            // From the last pattern to the first, so that one line moves each of them once.
            for (int i = last; i >= 0; i--) {
                Map<Part, String> before = i > 0 ? captured[i - 1] : Map.of();
                if (before == null) {
                    continue;
                }
                PatternConfig pattern = config.patterns().get(i);
                Optional<MatchResult> match = pattern.compiled().find(line);
                if (i < last) {
                    captured[i] =
                            match.map(result -> capture(result, pattern, before)).orElse(null);
                } else if (match.isPresent()) {
                    reset();
                    if (pattern.loop()) {
                        captured[i - 1] = before;
                    }
                    return Optional.of(finish(capture(match.get(), pattern, before)));
                } else if (i > 0) {
                    captured[i - 1] = null;
                }
            }
            return Optional.empty();
        }

        private static Map<Part, String> capture(
                MatchResult match, PatternConfig pattern, Map<Part, String> before) {
            var parts = new EnumMap<Part, String>(Part.class);
            pattern.groups()
                    .forEach(
                            (part, group) -> {
                                String text = match.group(group);
                                if (text != null) {
                                    parts.put(part, text);
                                }
                            });
            parts.putAll(before);
            return parts;
        }

        private Found finish(Map<Part, String> parts) {
            var all = new EnumMap<Part, String>(Part.class);
            all.putAll(parts);
            if (all.getOrDefault(Part.SEVERITY, "").isEmpty()) {
                all.put(Part.SEVERITY, config.severity());
            }
            return new Found(all);
        }

        Value toValue() {
            var stages = new ArrayList<Value>();
            for (Map<Part, String> parts : captured) {
                if (parts == null) {
                    stages.add(Value.NULL);
                } else {
                    var fields = new LinkedHashMap<String, Value>();
                    parts.forEach((part, text) -> fields.put(part.name(), Value.of(text)));
                    stages.add(Value.object(fields));
                }
            }
            return Value.array(stages);
        }

        void restore(Value stages) {
            reset();
            for (int i = 0; i < captured.length; i++) {
                Value stage = stages.get(i);
                if (stage.kind() == Value.Kind.OBJECT) {
                    var parts = new EnumMap<Part, String>(Part.class);
                    for (Part part : Part.values()) {
                        if (stage.get(part.name()).kind() == Value.Kind.STRING) {
                            parts.put(part, stage.get(part.name()).text());
                        }
                    }
                    captured[i] = parts;
                }
            }
        }
    }
}
