package dev.slipway.workflow;

import dev.slipway.expression.Value;
import dev.slipway.expression.Vocabulary;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/// Reads the `steps` of a job or of a composite action.
final class StepParser {

    private static final List<String> KINDS =
            List.of("run", "uses", "wait", "wait-all", "cancel", "parallel");
    private static final List<String> COMMON =
            List.of(
                    "name",
                    "id",
                    "if",
                    "env",
                    "continue-on-error",
                    "timeout-minutes",
                    "background");
    private static final List<String> CONTROL = List.of("name", "id", "continue-on-error");

    private final ValueReader values;
    private final Problems problems;
    private final String owner;
    private final boolean composite;
    private final Vocabulary vocabulary;
    private final Vocabulary conditions;
    private final StepIds ids;
    private final Set<String> earlierIds = new LinkedHashSet<>();
    private final Set<String> backgroundIds = new LinkedHashSet<>();
    private int count;

    private StepParser(ValueReader values, String owner, boolean composite) {
        this.values = values;
        this.problems = values.problems();
        this.owner = owner;
        this.composite = composite;
        this.vocabulary = composite ? Vocabularies.COMPOSITE_STEP : Vocabularies.STEP;
        this.conditions = composite ? Vocabularies.COMPOSITE_IF : Vocabularies.STEP_IF;
        this.ids = new StepIds(problems, owner);
    }

    /// The steps of a job, by the workflow's rules.
    static List<Step> ofJob(YamlNode node, ValueReader values, String owner) {
        return new StepParser(values, owner, false).steps(node);
    }

    /// The steps of a composite action: no background steps, and `run` needs a `shell`.
    static List<Step> ofComposite(YamlNode node, ValueReader values, String owner) {
        return new StepParser(values, owner, true).steps(node);
    }

    private List<Step> steps(YamlNode node) {
        if (!(node instanceof YamlSequence sequence)) {
            values.wrongType(node, "'steps' of " + owner, "a list");
            return List.of();
        }
        ids.collectWritten(sequence);
        return items(sequence, false);
    }

    private List<Step> items(YamlSequence sequence, boolean inParallel) {
        List<Step> steps = new ArrayList<>();
        for (YamlNode item : sequence.items()) {
            count++;
            String where = "step " + count + " of " + owner;
            if (!(item instanceof YamlMapping mapping)) {
                values.wrongType(item, where, "a mapping with 'run' or 'uses'");
                continue;
            }
            step(mapping, where, inParallel).ifPresent(steps::add);
        }
        return steps;
    }

    private Optional<Step> step(YamlMapping mapping, String where, boolean inParallel) {
        List<String> allowed = composite || inParallel ? KINDS.subList(0, 2) : KINDS;
        List<String> present = KINDS.stream().filter(key -> mapping.get(key).isPresent()).toList();
        if (present.size() != 1) {
            problems.error(
                    mapping.position(),
                    where
                            + (present.isEmpty()
                                    ? " needs one of the keys "
                                            + String.join(", ", allowed)
                                            + mistyped(mapping)
                                    : " has both '"
                                            + present.get(0)
                                            + "' and '"
                                            + present.get(1)
                                            + "'; a step has exactly one of them"));
            return Optional.empty();
        }
        String kind = present.getFirst();
        if (!allowed.contains(kind)) {
            problems.error(
                    mapping.position(),
                    where
                            + ": '"
                            + kind
                            + "' is not allowed in "
                            + (composite ? "a composite action" : "'parallel'"));
            return Optional.empty();
        }
        return MappingReader.of(mapping, where, keys(kind, inParallel), problems)
                .map(
                        reader ->
                                switch (kind) {
                                    case "run" -> run(reader, where);
                                    case "uses" -> uses(reader, where);
                                    case "wait" -> waitStep(reader, where);
                                    case "wait-all" -> waitAll(reader, where);
                                    case "cancel" -> cancel(reader, where);
                                    default -> parallel(reader, where);
                                });
    }

    private static String mistyped(YamlMapping mapping) {
        return mapping.entries().stream()
                .map(
                        entry ->
                                Suggest.closest(entry.key().text(), KINDS)
                                        .map(
                                                best ->
                                                        "; did you mean '"
                                                                + best
                                                                + "' instead of '"
                                                                + entry.key().text()
                                                                + "'?"))
                .flatMap(Optional::stream)
                .findFirst()
                .orElse("");
    }

    private List<String> keys(String kind, boolean inParallel) {
        List<String> keys = new ArrayList<>();
        keys.add(kind);
        switch (kind) {
            case "run" -> {
                keys.addAll(COMMON);
                keys.addAll(List.of("shell", "working-directory"));
            }
            case "uses" -> {
                keys.addAll(COMMON);
                keys.add("with");
            }
            default -> keys.addAll(CONTROL);
        }
        if (composite || inParallel) {
            keys.remove("background");
        }
        if (composite) {
            keys.remove("timeout-minutes");
        }
        return keys;
    }

    private Step.Header header(MappingReader reader, String where, String generated) {
        Guard guard =
                values.guard(reader.get("if"), conditions, reader.position(), "'if' of " + where);
        Computed env =
                reader.get("env")
                        .map(node -> values.stringMap(node, vocabulary, "'env' of " + where))
                        .orElse(Computed.emptyMapping(reader.position()));
        boolean background =
                reader.get("background")
                        .map(node -> values.plainBool(node, "'background' of " + where, false))
                        .orElse(false);
        Optional<String> written = reader.get("id").flatMap(ids::written);
        String id = written.orElseGet(() -> ids.generate(generated));
        written.map(own -> own.toLowerCase(Locale.ROOT)).ifPresent(earlierIds::add);
        if (background) {
            backgroundIds.add(id.toLowerCase(Locale.ROOT));
        }
        return new Step.Header(
                id,
                written.isPresent(),
                reader.get("name")
                        .map(node -> values.string(node, vocabulary, "'name' of " + where)),
                guard,
                env,
                reader.get("continue-on-error")
                        .map(
                                node ->
                                        values.bool(
                                                node,
                                                vocabulary,
                                                "'continue-on-error' of " + where)),
                reader.get("timeout-minutes")
                        .map(
                                node ->
                                        values.number(
                                                node, vocabulary, "'timeout-minutes' of " + where)),
                background,
                reader.position());
    }

    private Step run(MappingReader reader, String where) {
        Step.Header header = header(reader, where, "run");
        Computed script =
                reader.require("run")
                        .map(node -> values.script(node, vocabulary, "'run' of " + where))
                        .orElseThrow();
        Optional<Computed> shell =
                composite
                        ? reader.require("shell")
                                .map(
                                        node ->
                                                values.nonEmpty(
                                                        node, vocabulary, "'shell' of " + where))
                        : reader.get("shell")
                                .flatMap(node -> values.plainNonEmpty(node, "'shell' of " + where))
                                .map(
                                        text ->
                                                new Computed.Literal(
                                                        Value.of(text.value()), text.position()));
        shell.ifPresent(value -> Shells.check(value, problems));
        Optional<Computed> folder =
                reader.get("working-directory")
                        .map(
                                node ->
                                        values.string(
                                                node,
                                                vocabulary,
                                                "'working-directory' of " + where));
        return new Step.Run(header, script, shell, folder);
    }

    private Step uses(MappingReader reader, String where) {
        YamlNode node = reader.require("uses").orElseThrow();
        Optional<Located<String>> text = values.plainNonEmpty(node, "'uses' of " + where);
        ActionRef action =
                text.map(t -> References.action(t, problems)).orElse(new ActionRef.Local("", ""));
        Step.Header header = header(reader, where, StepIds.nameFor(action));
        Computed with =
                reader.get("with")
                        .map(value -> values.stringMap(value, vocabulary, "'with' of " + where))
                        .orElse(Computed.emptyMapping(reader.position()));
        return new Step.Uses(header, new Located<>(action, node.position()), with);
    }

    private Step waitStep(MappingReader reader, String where) {
        Step.Header header = header(reader, where, "wait");
        List<Located<String>> targets =
                reader.require("wait")
                        .map(node -> values.plainList(node, "'wait' of " + where))
                        .orElse(List.of());
        if (targets.isEmpty()) {
            problems.error(
                    reader.position(),
                    "'wait' of "
                            + where
                            + " names no step; write the id"
                            + " of a background step, or use 'wait-all:'");
        }
        targets.forEach(target -> checkBackground(target, "wait", where));
        return new Step.Wait(header, targets);
    }

    private Step waitAll(MappingReader reader, String where) {
        Step.Header header = header(reader, where, "wait-all");
        reader.get("wait-all")
                .ifPresent(
                        node -> {
                            boolean fits =
                                    node instanceof YamlScalar scalar
                                            && (scalar.isNull()
                                                    || scalar.value().equals(Value.of(true)));
                            if (!fits) {
                                values.wrongType(node, "'wait-all' of " + where, "left empty");
                            }
                        });
        return new Step.WaitAll(header);
    }

    private Step cancel(MappingReader reader, String where) {
        Step.Header header = header(reader, where, "cancel");
        Located<String> target =
                reader.require("cancel")
                        .flatMap(node -> values.plainNonEmpty(node, "'cancel' of " + where))
                        .orElse(new Located<>("", reader.position()));
        if (!target.value().isEmpty()) {
            checkBackground(target, "cancel", where);
        }
        return new Step.Cancel(header, target);
    }

    private Step parallel(MappingReader reader, String where) {
        Step.Header header = header(reader, where, "parallel");
        List<Step> steps = List.of();
        if (reader.get("parallel").orElseThrow() instanceof YamlSequence sequence
                && !sequence.items().isEmpty()) {
            steps = items(sequence, true);
        } else {
            values.wrongType(
                    reader.get("parallel").orElseThrow(),
                    "'parallel' of " + where,
                    "a list of at least one step");
        }
        return new Step.Parallel(header, steps);
    }

    private void checkBackground(Located<String> target, String key, String where) {
        String id = target.value().toLowerCase(Locale.ROOT);
        if (backgroundIds.contains(id)) {
            return;
        }
        String what = "'" + key + "' of " + where + " names '" + target.value() + "', but ";
        if (earlierIds.contains(id)) {
            problems.warning(
                    target.position(),
                    what + "that step is over by then: it has no 'background: true'");
        } else {
            problems.error(
                    target.position(),
                    what
                            + "no step above with 'background: true' has this id"
                            + Suggest.hint(target.value(), backgroundIds));
        }
    }
}
