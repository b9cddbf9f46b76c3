package dev.slipway.workflow;

import dev.slipway.expression.Condition;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Reads `action.yml` files with the same machinery as workflows.
///
/// As GitHub's runner, it accepts unknown keys at the top and in inputs, and refuses them in
/// `runs`. Pure and thread-safe.
public final class ActionManifestParser {

    private static final Set<String> NODES = Set.of("node12", "node16", "node20", "node24");
    private static final List<String> USING =
            List.of("composite", "docker", "node20", "node24", "node16", "node12");
    private static final List<String> NODE_KEYS =
            List.of("using", "main", "pre", "pre-if", "post", "post-if");
    private static final List<String> DOCKER_KEYS =
            List.of(
                    "using",
                    "image",
                    "args",
                    "env",
                    "entrypoint",
                    "pre-entrypoint",
                    "pre-if",
                    "post-entrypoint",
                    "post-if");

    private final Problems problems;
    private final ValueReader values;

    private ActionManifestParser(Problems problems) {
        this.problems = problems;
        this.values = new ValueReader(problems);
    }

    /// Reads one file.
    ///
    /// @param path how problems name the file
    /// @param source the file's bytes, UTF-8
    public static ActionManifest.Parsed parse(String path, byte[] source) {
        Problems problems = new Problems(path);
        Optional<YamlNode> root = YamlReader.read(source, YamlLimits.GITHUB, problems);
        if (root.isEmpty() && problems.count() == 0) {
            problems.error(Position.START, "the file is empty; an action needs the key 'runs'");
        }
        Optional<ActionManifest> manifest =
                root.flatMap(node -> new ActionManifestParser(problems).manifest(path, node));
        return new ActionManifest.Parsed(
                problems.hasErrors() ? Optional.empty() : manifest, problems.sorted());
    }

    private Optional<ActionManifest> manifest(String path, YamlNode node) {
        if (!(node instanceof YamlMapping mapping)) {
            problems.error(
                    node.position(),
                    "an action is a mapping with the key 'runs', not " + node.kindName());
            return Optional.empty();
        }
        List<ActionManifest.Input> inputs = new ArrayList<>();
        entries(mapping, "inputs").forEach(entry -> inputs.add(input(entry)));
        List<ActionManifest.Output> outputs = new ArrayList<>();
        Optional<ActionManifest.Runs> runs = Optional.empty();
        Optional<YamlNode> runsNode = mapping.get("runs");
        if (runsNode.isEmpty()) {
            problems.error(mapping.position(), "the action needs the key 'runs'");
        } else {
            runs = runs(runsNode.get());
        }
        boolean composite = runs.filter(ActionManifest.Composite.class::isInstance).isPresent();
        entries(mapping, "outputs").forEach(entry -> outputs.add(output(entry, composite)));
        return runs.map(
                value ->
                        new ActionManifest(
                                path,
                                text(mapping, "name"),
                                text(mapping, "description"),
                                inputs,
                                outputs,
                                value));
    }

    private List<YamlMapping.Entry> entries(YamlMapping mapping, String key) {
        Optional<YamlNode> node = mapping.get(key);
        if (node.isEmpty() || (node.get() instanceof YamlScalar scalar && scalar.isNull())) {
            return List.of();
        }
        if (node.get() instanceof YamlMapping inner) {
            return inner.entries();
        }
        values.wrongType(node.get(), "'" + key + "'", "a mapping");
        return List.of();
    }

    private static String text(YamlMapping mapping, String key) {
        return optionalText(mapping, key).orElse("");
    }

    private static Optional<String> optionalText(YamlMapping mapping, String key) {
        return mapping.get(key)
                .filter(YamlScalar.class::isInstance)
                .map(node -> ((YamlScalar) node).asString());
    }

    private ActionManifest.Input input(YamlMapping.Entry entry) {
        String id = entry.key().text();
        Position at = entry.key().position();
        if (!(entry.value() instanceof YamlMapping spec)) {
            if (!(entry.value() instanceof YamlScalar scalar && scalar.isNull())) {
                values.wrongType(entry.value(), "input '" + id + "'", "a mapping");
            }
            return new ActionManifest.Input(id, "", false, Optional.empty(), Optional.empty(), at);
        }
        return new ActionManifest.Input(
                id,
                text(spec, "description"),
                text(spec, "required").equals("true"),
                spec.get("default")
                        .map(
                                node ->
                                        values.string(
                                                node,
                                                Vocabularies.ACTION_INPUT_DEFAULT,
                                                "'default' of input '" + id + "'")),
                optionalText(spec, "deprecationMessage"),
                at);
    }

    private ActionManifest.Output output(YamlMapping.Entry entry, boolean composite) {
        String id = entry.key().text();
        Position at = entry.key().position();
        if (!(entry.value() instanceof YamlMapping spec)) {
            return new ActionManifest.Output(id, "", Optional.empty(), at);
        }
        Optional<Computed> value =
                !composite
                        ? Optional.empty()
                        : spec.get("value")
                                .map(
                                        node ->
                                                values.string(
                                                        node,
                                                        Vocabularies.COMPOSITE_OUTPUT,
                                                        "'value' of output '" + id + "'"));
        if (composite && value.isEmpty()) {
            problems.error(at, "output '" + id + "' of a composite action needs the key 'value'");
        }
        return new ActionManifest.Output(id, text(spec, "description"), value, at);
    }

    private Optional<ActionManifest.Runs> runs(YamlNode node) {
        if (!(node instanceof YamlMapping mapping)) {
            values.wrongType(node, "'runs'", "a mapping");
            return Optional.empty();
        }
        Optional<YamlNode> usingNode = mapping.get("using");
        if (usingNode.isEmpty()) {
            problems.error(
                    mapping.position(),
                    "'runs' needs the key 'using': " + String.join(", ", USING));
            return Optional.empty();
        }
        Optional<Located<String>> using = values.plainNonEmpty(usingNode.get(), "'using'");
        if (using.isEmpty()) {
            return Optional.empty();
        }
        String kind = using.get().value();
        if (NODES.contains(kind)) {
            return MappingReader.of(mapping, "'runs'", NODE_KEYS, problems)
                    .map(reader -> node(reader, kind));
        }
        return switch (kind) {
            case "composite" ->
                    MappingReader.of(mapping, "'runs'", List.of("using", "steps"), problems)
                            .flatMap(reader -> reader.require("steps"))
                            .map(
                                    steps ->
                                            new ActionManifest.Composite(
                                                    StepParser.ofComposite(
                                                            steps, values, "the action")));
            case "docker" ->
                    MappingReader.of(mapping, "'runs'", DOCKER_KEYS, problems).map(this::docker);
            default -> {
                problems.error(
                        using.get().position(),
                        "'using: " + kind + "' is not known" + Suggest.hint(kind, USING));
                yield Optional.empty();
            }
        };
    }

    private ActionManifest.Node node(MappingReader reader, String using) {
        return new ActionManifest.Node(
                using,
                reader.require("main")
                        .flatMap(value -> values.plainNonEmpty(value, "'main'"))
                        .map(Located::value)
                        .orElse(""),
                path(reader, "pre"),
                when(reader, "pre-if"),
                path(reader, "post"),
                when(reader, "post-if"));
    }

    private ActionManifest.Docker docker(MappingReader reader) {
        Position at = reader.position();
        return new ActionManifest.Docker(
                reader.require("image")
                        .flatMap(value -> values.plainNonEmpty(value, "'image'"))
                        .map(Located::value)
                        .orElse(""),
                reader.get("args").map(this::args).orElse(new Computed.Items(List.of(), at)),
                reader.get("env")
                        .map(
                                value ->
                                        values.stringMap(
                                                value,
                                                Vocabularies.DOCKER_ACTION,
                                                "'env' of 'runs'"))
                        .orElse(Computed.emptyMapping(at)),
                path(reader, "entrypoint"),
                path(reader, "pre-entrypoint"),
                when(reader, "pre-if"),
                path(reader, "post-entrypoint"),
                when(reader, "post-if"));
    }

    private Computed args(YamlNode node) {
        if (!(node instanceof YamlSequence sequence)) {
            values.wrongType(node, "'args' of 'runs'", "a list");
            return new Computed.Items(List.of(), node.position());
        }
        List<Computed> args = new ArrayList<>();
        for (YamlNode item : sequence.items()) {
            args.add(
                    values.string(
                            item, Vocabularies.DOCKER_ACTION, "an entry of 'args' of 'runs'"));
        }
        return new Computed.Items(args, sequence.position());
    }

    private Optional<String> path(MappingReader reader, String key) {
        return reader.get(key)
                .flatMap(value -> values.plainNonEmpty(value, "'" + key + "'"))
                .map(Located::value);
    }

    private Guard when(MappingReader reader, String key) {
        if (!reader.has(key)) {
            return new Guard(
                    Condition.parse("always()", Vocabularies.ACTION_IF),
                    "",
                    reader.position(),
                    offset -> reader.position());
        }
        return values.guard(
                reader.get(key), Vocabularies.ACTION_IF, reader.keyPosition(key), "'" + key + "'");
    }
}
