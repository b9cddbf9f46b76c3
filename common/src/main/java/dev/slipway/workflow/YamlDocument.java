package dev.slipway.workflow;

import dev.slipway.expression.Value;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// YAML that is data, not a workflow: what a step gives an action. JSON is YAML.
public final class YamlDocument {
    private YamlDocument() {}

    /// @throws IllegalArgumentException when it cannot be read, saying where
    public static Value parse(String text) {
        var problems = new Problems("payload");
        Optional<YamlNode> root =
                YamlReader.read(text.getBytes(StandardCharsets.UTF_8), YamlLimits.GITHUB, problems);
        if (root.isEmpty() || problems.hasErrors()) {
            throw new IllegalArgumentException(
                    problems.sorted().stream()
                            .findFirst()
                            .map(Problem::toString)
                            .orElse("payload: error: there is nothing in it"));
        }
        return value(root.get());
    }

    private static Value value(YamlNode node) {
        return switch (node) {
            case YamlScalar scalar -> scalar.value();
            case YamlSequence list ->
                    Value.array(list.items().stream().map(YamlDocument::value).toList());
            case YamlMapping mapping -> {
                Map<String, Value> entries = new LinkedHashMap<>();
                mapping.entries()
                        .forEach(entry -> entries.put(entry.key().text(), value(entry.value())));
                yield Value.caseSensitiveObject(entries);
            }
        };
    }
}
