package dev.slipway.planning;

import dev.slipway.expression.ExpressionException;
import dev.slipway.expression.Value;
import dev.slipway.workflow.Coercion;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/// What an agent must have to take a job: every label, and the group if one is named.
///
/// @param labels as written, compared ignoring case; may be empty when a group is named
/// @param group the runner group, without `org/` or `ent/`
public record RunsOn(List<String> labels, Optional<String> group) {

    public RunsOn {
        labels = List.copyOf(labels);
    }

    /// Reads an evaluated `runs-on`: a label, a list of labels, or a mapping.
    ///
    /// @throws ExpressionException when the value names no agent
    public static RunsOn of(Value value) {
        if (value instanceof Value.ObjectValue object) {
            for (String key : object.entries().keySet()) {
                if (!key.equals("group") && !key.equals("labels")) {
                    throw new ExpressionException(
                            "'runs-on' has the unknown key '" + key + "'; allowed: group, labels");
                }
            }
            Optional<String> group =
                    Optional.of(object.get("group").text())
                            .map(RunsOn::withoutPrefix)
                            .filter(text -> !text.isEmpty());
            List<String> labels = labels(object.get("labels"), "runs-on.labels");
            if (labels.isEmpty() && group.isEmpty()) {
                throw new ExpressionException("'runs-on' names no label and no group");
            }
            return new RunsOn(labels, group);
        }
        List<String> labels = labels(value, "runs-on");
        if (labels.isEmpty()) {
            throw new ExpressionException("'runs-on' is empty; name at least one label");
        }
        return new RunsOn(labels, Optional.empty());
    }

    private static List<String> labels(Value value, String where) {
        List<Value> items =
                switch (value) {
                    case Value.ArrayValue array -> array.items();
                    case Value.NullValue _ -> List.of();
                    default -> List.of(value);
                };
        List<String> labels = new ArrayList<>();
        for (Value item : items) {
            String label = Coercion.text(item, where).strip();
            if (label.isEmpty()) {
                throw new ExpressionException("'" + where + "' holds an empty label");
            }
            if (labels.stream().noneMatch(label::equalsIgnoreCase)) {
                labels.add(label);
            }
        }
        return labels;
    }

    private static String withoutPrefix(String group) {
        return group.substring(group.indexOf('/') + 1).strip();
    }

    /// The same with one label more.
    RunsOn and(String label) {
        if (labels.stream().anyMatch(label::equalsIgnoreCase)) {
            return this;
        }
        var all = new ArrayList<>(labels);
        all.add(label);
        return new RunsOn(all, group);
    }

    /// The same with labels replaced, as `slipway run --label ubuntu-latest=my-agent` asks.
    ///
    /// @param aliases label in the workflow to label of the agent; compared ignoring case
    public RunsOn withAliases(Map<String, String> aliases) {
        return new RunsOn(
                labels.stream()
                        .map(
                                label ->
                                        aliases.entrySet().stream()
                                                .filter(
                                                        alias ->
                                                                alias.getKey()
                                                                        .equalsIgnoreCase(label))
                                                .map(Map.Entry::getValue)
                                                .findFirst()
                                                .orElse(label))
                        .distinct()
                        .toList(),
                group);
    }

    /// For people: `self-hosted, linux` or `linux (group builders)`.
    @Override
    public String toString() {
        String text = labels.stream().collect(Collectors.joining(", "));
        return group.map(name -> (text + " (group " + name + ")").strip()).orElse(text);
    }
}
