package dev.slipway.workflow;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// The ids of one list of steps: checks those in the file and makes the others as GitHub's runner
/// does (`IdBuilder.cs`): `__run`, `__run_2`, `__actions_checkout`, `__self`, `__alpine_3_8`.
final class StepIds {

    private final Problems problems;
    private final String owner;
    private final Map<String, Position> written = new HashMap<>();
    private final Set<String> generated = new HashSet<>();

    StepIds(Problems problems, String owner) {
        this.problems = problems;
        this.owner = owner;
    }

    /// Notes every id in the file first, so that a made id never takes the name of a later one.
    void collectWritten(YamlSequence steps) {
        for (YamlNode step : steps.items()) {
            if (step instanceof YamlMapping mapping) {
                mapping.get("id").ifPresent(this::collect);
                mapping.get("parallel")
                        .filter(YamlSequence.class::isInstance)
                        .ifPresent(nested -> collectWritten((YamlSequence) nested));
            }
        }
    }

    private void collect(YamlNode node) {
        if (node instanceof YamlScalar scalar && !scalar.asString().isEmpty()) {
            String id = scalar.asString();
            Position first = written.putIfAbsent(id.toLowerCase(Locale.ROOT), scalar.position());
            if (first != null) {
                problems.error(
                        scalar.position(),
                        "the step id '"
                                + id
                                + "' is already used in "
                                + owner
                                + " on line "
                                + first.line()
                                + " (ids are compared ignoring case)");
            }
        }
    }

    /// A checked id of the file.
    Optional<String> written(YamlNode node) {
        if (!(node instanceof YamlScalar scalar) || scalar.asString().isEmpty()) {
            problems.error(node.position(), "a step id must be text, not " + node.kindName());
            return Optional.empty();
        }
        String id = scalar.asString();
        Identifiers.problem(id)
                .ifPresent(
                        problem ->
                                problems.error(
                                        node.position(), "bad step id '" + id + "': " + problem));
        return Optional.of(id);
    }

    /// A fresh id for a step without one.
    String generate(String name) {
        String base = "__" + Identifiers.sanitize(name);
        String id = shortened(base, "");
        for (int n = 2; !isFree(id); n++) {
            id = shortened(base, "_" + n);
        }
        return id;
    }

    private static String shortened(String base, String suffix) {
        int length = Math.min(base.length(), Identifiers.MAX_LENGTH - suffix.length());
        return base.substring(0, length) + suffix;
    }

    private boolean isFree(String id) {
        String key = id.toLowerCase(Locale.ROOT);
        return !written.containsKey(key) && generated.add(key);
    }

    /// What GitHub names a step after when the file gives no id.
    static String nameFor(ActionRef action) {
        return switch (action) {
            case ActionRef.Local _ -> "self";
            case ActionRef.Self _ -> "selfRepository";
            case ActionRef.Repository remote -> remote.owner() + "/" + remote.repository();
            case ActionRef.Docker docker -> docker.image();
        };
    }
}
