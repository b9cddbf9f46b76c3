package dev.slipway.workflow;

import dev.slipway.expression.Vocabulary;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Reads the keys that workflows and jobs share: defaults, permissions, concurrency, cache-mode.
final class HeaderParser {

    /// Scopes whose access is limited; all others take read, write and none.
    private static final Map<String, Set<String>> LIMITED =
            Map.of(
                    "id-token", Set.of("write", "none"),
                    "copilot-requests", Set.of("write", "none"),
                    "models", Set.of("read", "none"),
                    "vulnerability-alerts", Set.of("read", "none"),
                    "workflows", Set.of("write", "none"));

    private static final int MAX_GROUP = 400;

    private static final List<String> SCOPES =
            List.of(
                    "actions",
                    "artifact-metadata",
                    "attestations",
                    "checks",
                    "code-quality",
                    "contents",
                    "copilot-requests",
                    "deployments",
                    "discussions",
                    "drives",
                    "id-token",
                    "issues",
                    "models",
                    "packages",
                    "pages",
                    "pull-requests",
                    "repository-projects",
                    "security-events",
                    "statuses",
                    "vulnerability-alerts",
                    "workflows");

    private final ValueReader values;
    private final Problems problems;

    HeaderParser(ValueReader values) {
        this.values = values;
        this.problems = values.problems();
    }

    Defaults defaults(Optional<YamlNode> node, Vocabulary vocabulary, String owner) {
        Optional<MappingReader> run =
                node.flatMap(
                                value ->
                                        MappingReader.of(
                                                value,
                                                "'defaults' of " + owner,
                                                List.of("run"),
                                                problems))
                        .flatMap(reader -> reader.get("run"))
                        .flatMap(
                                value ->
                                        MappingReader.of(
                                                value,
                                                "'defaults.run' of " + owner,
                                                List.of("shell", "working-directory"),
                                                problems));
        Optional<Computed> shell =
                run.flatMap(reader -> reader.get("shell"))
                        .map(
                                value ->
                                        values.nonEmpty(
                                                value,
                                                vocabulary,
                                                "'defaults.run.shell' of " + owner));
        shell.ifPresent(value -> Shells.check(value, problems));
        Optional<Computed> folder =
                run.flatMap(reader -> reader.get("working-directory"))
                        .map(
                                value ->
                                        values.string(
                                                value,
                                                vocabulary,
                                                "'defaults.run.working-directory' of " + owner));
        return new Defaults(shell, folder);
    }

    Permissions permissions(Optional<YamlNode> node) {
        if (node.isEmpty()) {
            return Permissions.UNSPECIFIED;
        }
        Position at = node.get().position();
        if (node.get() instanceof YamlMapping mapping) {
            return new Permissions(Permissions.Kind.SCOPES, scopes(mapping), at);
        }
        String word = node.get() instanceof YamlScalar scalar ? scalar.asString() : "";
        return switch (word) {
            case "read-all" -> new Permissions(Permissions.Kind.READ_ALL, Map.of(), at);
            case "write-all" -> new Permissions(Permissions.Kind.WRITE_ALL, Map.of(), at);
            default -> {
                problems.error(
                        at,
                        "'permissions' must be 'read-all', 'write-all' or a mapping of"
                                + " scopes ('{}' for none), not "
                                + node.get().kindName());
                yield Permissions.UNSPECIFIED;
            }
        };
    }

    private Map<String, Permissions.Access> scopes(YamlMapping mapping) {
        Map<String, Permissions.Access> scopes = new LinkedHashMap<>();
        for (YamlMapping.Entry entry : mapping.entries()) {
            String scope = entry.key().text();
            if (!SCOPES.contains(scope)) {
                problems.error(
                        entry.key().position(),
                        "unknown permission '" + scope + "'" + Suggest.hint(scope, SCOPES));
                continue;
            }
            Set<String> allowed = LIMITED.getOrDefault(scope, Set.of("read", "write", "none"));
            String access = entry.value() instanceof YamlScalar scalar ? scalar.asString() : "";
            if (allowed.contains(access)) {
                scopes.put(scope, Permissions.Access.valueOf(access.toUpperCase(Locale.ROOT)));
            } else {
                problems.error(
                        entry.value().position(),
                        "the permission '"
                                + scope
                                + "' must be one of "
                                + String.join(", ", allowed.stream().sorted().toList())
                                + ", not "
                                + entry.value().kindName());
            }
        }
        return scopes;
    }

    Computed concurrency(YamlNode node, Vocabulary vocabulary, String owner) {
        String where = "'concurrency' of " + owner;
        if (!(node instanceof YamlMapping)) {
            checkGroup(node, where);
            return values.nonEmpty(node, vocabulary, where);
        }
        List<String> keys = List.of("group", "cancel-in-progress", "queue");
        MappingReader.ofComputable(node, where, keys, problems)
                .ifPresent(
                        reader -> {
                            reader.require("group")
                                    .ifPresent(
                                            value -> {
                                                checkGroup(value, where);
                                                values.nonEmpty(
                                                        value, vocabulary, "'group' of " + where);
                                            });
                            reader.get("cancel-in-progress")
                                    .ifPresent(
                                            value ->
                                                    values.bool(
                                                            value,
                                                            vocabulary,
                                                            "'cancel-in-progress' of " + where));
                            reader.get("queue").ifPresent(value -> checkQueue(value, where));
                            if (is(reader, "queue", "max")
                                    && is(reader, "cancel-in-progress", "true")) {
                                problems.error(
                                        reader.keyPosition("queue"),
                                        "'queue: max' of "
                                                + where
                                                + " cannot be combined with 'cancel-in-progress:"
                                                + " true'");
                            }
                        });
        return values.any(node, vocabulary);
    }

    private static boolean is(MappingReader reader, String key, String text) {
        return reader.get(key)
                .filter(node -> node instanceof YamlScalar scalar && scalar.asString().equals(text))
                .isPresent();
    }

    private void checkGroup(YamlNode node, String where) {
        if (node instanceof YamlScalar scalar
                && !ValueReader.holdsExpression(scalar)
                && scalar.asString().length() > MAX_GROUP) {
            problems.error(
                    scalar.position(),
                    where + " names a group of more than " + MAX_GROUP + " characters");
        }
    }

    private void checkQueue(YamlNode node, String where) {
        boolean fits =
                ValueReader.holdsExpression(node)
                        || (node instanceof YamlScalar scalar
                                && Set.of("single", "max").contains(scalar.asString()));
        if (!fits) {
            values.wrongType(node, "'queue' of " + where, "'single' or 'max'");
        }
    }

    Optional<CacheMode> cacheMode(Optional<YamlNode> node) {
        if (node.isEmpty()) {
            return Optional.empty();
        }
        String word = node.get() instanceof YamlScalar scalar ? scalar.asString() : "";
        Optional<CacheMode> mode = CacheMode.ofLabel(word);
        if (mode.isEmpty()) {
            problems.error(
                    node.get().position(),
                    "'cache-mode' must be one of "
                            + String.join(", ", CacheMode.labels())
                            + ", not "
                            + node.get().kindName());
        }
        return mode;
    }

    /// The `strategy` key of a job.
    Strategy strategy(YamlNode node, String owner) {
        String where = "'strategy' of " + owner;
        if (node instanceof YamlMapping) {
            List<String> keys = List.of("matrix", "fail-fast", "max-parallel");
            MappingReader.ofComputable(node, where, keys, problems)
                    .ifPresent(
                            reader -> {
                                reader.get("fail-fast")
                                        .ifPresent(
                                                value ->
                                                        values.bool(
                                                                value,
                                                                Vocabularies.STRATEGY,
                                                                "'fail-fast' of " + where));
                                reader.get("max-parallel")
                                        .ifPresent(
                                                value ->
                                                        values.number(
                                                                value,
                                                                Vocabularies.STRATEGY,
                                                                "'max-parallel' of " + where));
                                reader.get("matrix").ifPresent(value -> matrix(value, owner));
                            });
        } else if (!ValueReader.holdsExpression(node)) {
            values.wrongType(node, where, "a mapping");
        }
        return new Strategy(values.any(node, Vocabularies.STRATEGY), node.position());
    }

    private void matrix(YamlNode node, String owner) {
        String where = "'matrix' of " + owner;
        if (!(node instanceof YamlMapping mapping)) {
            if (!ValueReader.holdsExpression(node)) {
                values.wrongType(node, where, "a mapping of names to lists");
            }
            return;
        }
        if (mapping.entries().isEmpty()) {
            problems.error(node.position(), where + " has no entries");
        }
        for (YamlMapping.Entry entry : mapping.entries()) {
            String key = entry.key().text();
            if (key.startsWith("${{") || ValueReader.holdsExpression(entry.value())) {
                continue;
            }
            String what = "'" + key + "' in " + where;
            if (!(entry.value() instanceof YamlSequence sequence)) {
                values.wrongType(entry.value(), what, "a list");
            } else if (key.equals("include") || key.equals("exclude")) {
                sequence.items().stream()
                        .filter(
                                item ->
                                        !(item instanceof YamlMapping)
                                                && !ValueReader.holdsExpression(item))
                        .forEach(
                                item -> values.wrongType(item, "an entry of " + what, "a mapping"));
            } else if (sequence.items().isEmpty()) {
                problems.error(sequence.position(), what + " has no values; give it at least one");
            }
        }
    }
}
