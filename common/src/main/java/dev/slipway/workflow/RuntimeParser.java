package dev.slipway.workflow;

import dev.slipway.expression.Value;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Reads where a job runs: `runs-on`, `environment`, `container`, `services`, `snapshot`.
final class RuntimeParser {

    private static final List<String> CONTAINER_KEYS =
            List.of("image", "credentials", "env", "ports", "volumes", "options");
    private static final List<String> SERVICE_KEYS =
            List.of(
                    "image",
                    "credentials",
                    "env",
                    "ports",
                    "volumes",
                    "options",
                    "entrypoint",
                    "command");

    private final ValueReader values;
    private final Problems problems;

    RuntimeParser(ValueReader values) {
        this.values = values;
        this.problems = values.problems();
    }

    Computed runsOn(YamlNode node, String owner) {
        String where = "'runs-on' of " + owner;
        return switch (node) {
            case YamlScalar _ -> values.nonEmpty(node, Vocabularies.JOB, where);
            case YamlSequence sequence -> labels(sequence, where);
            case YamlMapping _ -> {
                MappingReader.of(node, where, List.of("group", "labels"), problems)
                        .ifPresent(reader -> runnerGroup(reader, where));
                yield values.any(node, Vocabularies.JOB);
            }
        };
    }

    private void runnerGroup(MappingReader reader, String where) {
        if (!reader.has("group") && !reader.has("labels")) {
            problems.error(reader.position(), where + " needs 'group' or 'labels'");
        }
        reader.get("group")
                .ifPresent(
                        value -> {
                            Computed group =
                                    values.nonEmpty(value, Vocabularies.JOB, "'group' of " + where);
                            if (group.isLiteral()) {
                                RunnerGroups.problem(group.literal().text())
                                        .ifPresent(
                                                problem ->
                                                        problems.error(value.position(), problem));
                            }
                        });
        reader.get("labels")
                .ifPresent(
                        value -> {
                            if (value instanceof YamlSequence sequence) {
                                labels(sequence, "'labels' of " + where);
                            } else {
                                values.nonEmpty(value, Vocabularies.JOB, "'labels' of " + where);
                            }
                        });
    }

    private Computed labels(YamlSequence sequence, String where) {
        if (sequence.items().isEmpty()) {
            problems.error(sequence.position(), where + " names no label");
        }
        List<Computed> labels = new ArrayList<>();
        for (YamlNode item : sequence.items()) {
            labels.add(values.nonEmpty(item, Vocabularies.JOB, "a label in " + where));
        }
        return new Computed.Items(labels, sequence.position());
    }

    EnvironmentSpec environment(YamlNode node, String owner) {
        String where = "'environment' of " + owner;
        if (!(node instanceof YamlMapping)) {
            return new EnvironmentSpec(
                    values.string(node, Vocabularies.JOB, where),
                    Optional.empty(),
                    Optional.empty(),
                    node.position());
        }
        Optional<MappingReader> reader =
                MappingReader.of(node, where, List.of("name", "url", "deployment"), problems);
        return new EnvironmentSpec(
                reader.flatMap(r -> r.require("name"))
                        .map(value -> values.string(value, Vocabularies.JOB, "'name' of " + where))
                        .orElse(new Computed.Literal(Value.of(""), node.position())),
                reader.flatMap(r -> r.get("url"))
                        .map(
                                value ->
                                        values.string(
                                                value,
                                                Vocabularies.ENVIRONMENT_URL,
                                                "'url' of " + where)),
                reader.flatMap(r -> r.get("deployment"))
                        .map(
                                value ->
                                        values.bool(
                                                value,
                                                Vocabularies.JOB,
                                                "'deployment' of " + where)),
                node.position());
    }

    Computed container(YamlNode node, String owner) {
        return container(node, "'container' of " + owner, CONTAINER_KEYS);
    }

    Computed services(YamlNode node, String owner) {
        String where = "'services' of " + owner;
        if (!(node instanceof YamlMapping mapping)) {
            if (!ValueReader.holdsExpression(node)) {
                values.wrongType(node, where, "a mapping of service ids to containers");
            }
            return values.any(node, Vocabularies.JOB);
        }
        List<Computed.Entry> entries = new ArrayList<>();
        for (YamlMapping.Entry entry : mapping.entries()) {
            String id = entry.key().text();
            String service = "service '" + id + "' of " + owner;
            if (id.startsWith("${{")) {
                entries.add(values.anyEntry(entry, Vocabularies.JOB));
                continue;
            }
            if (id.isEmpty()) {
                problems.error(entry.key().position(), "a service of " + owner + " has no name");
            }
            if (entry.value() instanceof YamlScalar scalar && scalar.asString().isEmpty()) {
                problems.error(scalar.position(), service + " names no image");
            }
            entries.add(
                    new Computed.Entry(
                            new Computed.Literal(Value.of(id), entry.key().position()),
                            container(entry.value(), service, SERVICE_KEYS),
                            false));
        }
        return new Computed.Entries(entries, mapping.position());
    }

    private Computed container(YamlNode node, String where, List<String> keys) {
        if (!(node instanceof YamlMapping mapping)) {
            checkImage(node, where);
            return values.string(node, Vocabularies.JOB, where);
        }
        MappingReader.ofComputable(node, where, keys, problems)
                .flatMap(reader -> reader.require("image"))
                .ifPresent(image -> checkNamed(image, where));
        List<Computed.Entry> entries = new ArrayList<>();
        for (YamlMapping.Entry entry : mapping.entries()) {
            String key = entry.key().text();
            if (keys.contains(key)) {
                entries.add(
                        new Computed.Entry(
                                new Computed.Literal(Value.of(key), entry.key().position()),
                                containerValue(key, entry.value(), where),
                                false));
            } else if (key.startsWith("${{")) {
                entries.add(values.anyEntry(entry, Vocabularies.JOB));
            }
        }
        return new Computed.Entries(entries, mapping.position());
    }

    private void checkNamed(YamlNode image, String where) {
        if (image instanceof YamlScalar scalar && scalar.asString().isEmpty()) {
            problems.error(scalar.position(), "'image' of " + where + " must not be empty");
        } else {
            checkImage(image, where);
        }
    }

    private void checkImage(YamlNode image, String where) {
        if (image instanceof YamlScalar scalar && scalar.asString().equals("docker://")) {
            problems.error(scalar.position(), where + " names no image after 'docker://'");
        }
    }

    private Computed containerValue(String key, YamlNode node, String where) {
        String what = "'" + key + "' of " + where;
        return switch (key) {
            case "credentials" -> credentials(node, what);
            case "env" -> values.stringMap(node, Vocabularies.CONTAINER_ENV, what);
            case "ports", "volumes" -> texts(node, what);
            default -> values.string(node, Vocabularies.JOB, what);
        };
    }

    private Computed credentials(YamlNode node, String where) {
        if (node instanceof YamlMapping) {
            MappingReader.of(node, where, List.of("username", "password"), problems)
                    .ifPresent(
                            reader -> {
                                if (!reader.has("username") || !reader.has("password")) {
                                    problems.warning(
                                            reader.position(),
                                            where + " needs both 'username' and 'password'");
                                }
                            });
        }
        return values.stringMap(node, Vocabularies.CREDENTIALS, where);
    }

    private Computed texts(YamlNode node, String where) {
        if (node instanceof YamlSequence sequence) {
            List<Computed> items = new ArrayList<>();
            for (YamlNode item : sequence.items()) {
                items.add(values.nonEmpty(item, Vocabularies.JOB, "an entry of " + where));
            }
            return new Computed.Items(items, sequence.position());
        }
        if (!ValueReader.holdsExpression(node)) {
            values.wrongType(node, where, "a list");
        }
        return values.any(node, Vocabularies.JOB);
    }

    Computed snapshot(YamlNode node, String owner) {
        String where = "'snapshot' of " + owner;
        if (!(node instanceof YamlMapping mapping)) {
            return values.nonEmpty(node, Vocabularies.JOB, where);
        }
        List<String> keys = List.of("image-name", "version", "if");
        MappingReader.ofComputable(node, where, keys, problems)
                .ifPresent(
                        reader -> {
                            reader.require("image-name");
                            reader.get("version").ifPresent(this::checkVersion);
                            values.guard(
                                    reader.get("if"),
                                    Vocabularies.SNAPSHOT_IF,
                                    reader.position(),
                                    "'if' of " + where);
                        });
        return new Computed.Entries(
                mapping.entries().stream()
                        .filter(entry -> !entry.key().text().equals("if"))
                        .map(entry -> values.anyEntry(entry, Vocabularies.JOB))
                        .toList(),
                mapping.position());
    }

    private void checkVersion(YamlNode node) {
        boolean fits =
                ValueReader.holdsExpression(node)
                        || (node instanceof YamlScalar scalar
                                && scalar.asString().matches("[0-9]{1,9}\\.\\*"));
        if (!fits) {
            values.wrongType(node, "'version' of 'snapshot'", "a major version such as '1.*'");
        }
    }
}
