package dev.slipway.workflow;

import dev.slipway.expression.Value;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;

/// Reads what workflows take and give: inputs, secrets and outputs of `workflow_dispatch` and
/// `workflow_call`.
final class InputParser {

    private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_-]*");
    private static final List<String> DISPATCH_KEYS =
            List.of("type", "required", "default", "options", "description", "deprecationMessage");
    private static final List<String> CALL_KEYS =
            List.of("type", "required", "default", "description", "deprecationMessage");

    private final ValueReader values;
    private final Problems problems;

    InputParser(ValueReader values) {
        this.values = values;
        this.problems = values.problems();
    }

    Optional<Trigger> call(YamlNode node, Position at) {
        return MappingReader.of(
                        node,
                        "'on.workflow_call'",
                        List.of("inputs", "secrets", "outputs"),
                        problems)
                .map(
                        reader ->
                                new Trigger.Call(
                                        each(
                                                reader.get("inputs"),
                                                "'on.workflow_call.inputs'",
                                                this::callInput),
                                        each(
                                                reader.get("secrets"),
                                                "'on.workflow_call.secrets'",
                                                this::secret),
                                        each(
                                                reader.get("outputs"),
                                                "'on.workflow_call.outputs'",
                                                this::output),
                                        at));
    }

    List<InputSpec> dispatchInputs(Optional<YamlNode> node) {
        return each(node, "'on.workflow_dispatch.inputs'", this::dispatchInput);
    }

    private <T> List<T> each(
            Optional<YamlNode> node, String where, Function<YamlMapping.Entry, T> read) {
        List<T> all = new ArrayList<>();
        if (node.isEmpty() || (node.get() instanceof YamlScalar scalar && scalar.isNull())) {
            return all;
        }
        if (!(node.get() instanceof YamlMapping mapping)) {
            values.wrongType(node.get(), where, "a mapping");
            return all;
        }
        for (YamlMapping.Entry entry : mapping.entries()) {
            if (!NAME.matcher(entry.key().text()).matches()) {
                problems.error(
                        entry.key().position(),
                        "bad name '"
                                + entry.key().text()
                                + "' in "
                                + where
                                + ": use letters, digits, '-' and '_', starting with a letter or"
                                + " '_'");
            }
            all.add(read.apply(entry));
        }
        return all;
    }

    private InputSpec dispatchInput(YamlMapping.Entry entry) {
        String id = entry.key().text();
        Position at = entry.key().position();
        String where = "input '" + id + "'";
        Optional<MappingReader> reader = spec(entry.value(), where, DISPATCH_KEYS);
        InputSpec.Type type =
                reader.flatMap(r -> r.get("type"))
                        .flatMap(node -> type(node, where, InputSpec.Type.values()))
                        .orElse(InputSpec.Type.STRING);
        List<String> options =
                reader
                        .flatMap(r -> r.get("options"))
                        .map(node -> values.texts(node, "'options' of " + where))
                        .orElse(List.of())
                        .stream()
                        .map(Located::value)
                        .toList();
        Optional<Computed> fallback =
                reader.flatMap(r -> r.get("default"))
                        .map(node -> dispatchDefault(node, type, options, where));
        if (type == InputSpec.Type.CHOICE && options.isEmpty()) {
            problems.error(at, where + " is a choice and needs a list of 'options'");
        }
        return input(id, type, fallback, options, reader, at);
    }

    private Computed dispatchDefault(
            YamlNode node, InputSpec.Type type, List<String> options, String where) {
        String what = "'default' of " + where;
        Optional<String> text = values.plain(node, what);
        Computed value = literal(node);
        if (text.isEmpty()) {
            return value;
        }
        checkLiteral(node, value.literal(), type, what);
        if (type == InputSpec.Type.CHOICE && !options.isEmpty() && !options.contains(text.get())) {
            problems.error(
                    node.position(),
                    what
                            + " is '"
                            + text.get()
                            + "', which is not one of its options"
                            + Suggest.hint(text.get(), options));
        }
        return value;
    }

    private static Computed literal(YamlNode node) {
        Value value = node instanceof YamlScalar scalar ? scalar.value() : Value.NULL;
        return new Computed.Literal(value, node.position());
    }

    private void checkLiteral(YamlNode node, Value value, InputSpec.Type type, String what) {
        boolean fits =
                switch (type) {
                    case STRING, CHOICE, ENVIRONMENT -> true;
                    case BOOLEAN ->
                            value instanceof Value.BooleanValue
                                    || value.text().equals("true")
                                    || value.text().equals("false")
                                    || value instanceof Value.NullValue;
                    case NUMBER ->
                            value instanceof Value.NumberValue
                                    || value instanceof Value.NullValue
                                    || CoreSchema.number(value.text()).isPresent();
                };
        if (!fits) {
            values.wrongType(
                    node, what, type == InputSpec.Type.BOOLEAN ? "true or false" : "a number");
        }
    }

    private InputSpec callInput(YamlMapping.Entry entry) {
        String id = entry.key().text();
        Position at = entry.key().position();
        String where = "input '" + id + "'";
        Optional<MappingReader> reader = spec(entry.value(), where, CALL_KEYS);
        if (reader.isEmpty() || reader.get().get("type").isEmpty()) {
            problems.error(
                    at,
                    where
                            + " of 'workflow_call' needs the key 'type': string, boolean"
                            + " or number");
        }
        InputSpec.Type type =
                reader.flatMap(r -> r.get("type"))
                        .flatMap(
                                node ->
                                        type(
                                                node,
                                                where,
                                                InputSpec.Type.STRING,
                                                InputSpec.Type.BOOLEAN,
                                                InputSpec.Type.NUMBER))
                        .orElse(InputSpec.Type.STRING);
        Optional<Computed> fallback =
                reader.flatMap(r -> r.get("default"))
                        .map(
                                node -> {
                                    Computed value =
                                            values.any(node, Vocabularies.CALL_INPUT_DEFAULT);
                                    if (!(node instanceof YamlScalar)) {
                                        values.wrongType(
                                                node, "'default' of " + where, "a " + type.label());
                                    } else if (value.isLiteral()) {
                                        checkLiteral(
                                                node,
                                                value.literal(),
                                                type,
                                                "'default' of " + where);
                                    }
                                    return value;
                                });
        return input(id, type, fallback, List.of(), reader, at);
    }

    private InputSpec input(
            String id,
            InputSpec.Type type,
            Optional<Computed> fallback,
            List<String> options,
            Optional<MappingReader> reader,
            Position at) {
        String where = "input '" + id + "'";
        boolean required =
                reader.flatMap(r -> r.get("required"))
                        .map(node -> values.plainBool(node, "'required' of " + where, false))
                        .orElse(false);
        Optional<String> deprecation =
                reader.flatMap(r -> r.get("deprecationMessage"))
                        .flatMap(node -> values.plain(node, "'deprecationMessage' of " + where));
        return new InputSpec(
                id, type, required, fallback, options, description(reader, where), deprecation, at);
    }

    private Trigger.SecretSpec secret(YamlMapping.Entry entry) {
        String where = "secret '" + entry.key().text() + "'";
        Optional<MappingReader> reader =
                spec(entry.value(), where, List.of("required", "description"));
        boolean required =
                reader.flatMap(r -> r.get("required"))
                        .map(node -> values.plainBool(node, "'required' of " + where, false))
                        .orElse(false);
        return new Trigger.SecretSpec(
                entry.key().text(), required, description(reader, where), entry.key().position());
    }

    private Trigger.OutputSpec output(YamlMapping.Entry entry) {
        String where = "output '" + entry.key().text() + "'";
        Optional<MappingReader> reader =
                MappingReader.of(entry.value(), where, List.of("value", "description"), problems);
        Computed value =
                reader.flatMap(r -> r.require("value"))
                        .map(
                                node ->
                                        values.string(
                                                node,
                                                Vocabularies.CALL_OUTPUT,
                                                "'value' of " + where))
                        .orElse(new Computed.Literal(Value.of(""), entry.key().position()));
        return new Trigger.OutputSpec(
                entry.key().text(), value, description(reader, where), entry.key().position());
    }

    private Optional<MappingReader> spec(YamlNode node, String where, List<String> keys) {
        if (node instanceof YamlScalar scalar && scalar.isNull()) {
            return Optional.empty();
        }
        return MappingReader.of(node, where, keys, problems);
    }

    private String description(Optional<MappingReader> reader, String where) {
        return reader.flatMap(r -> r.get("description"))
                .flatMap(node -> values.plain(node, "'description' of " + where))
                .orElse("");
    }

    private Optional<InputSpec.Type> type(YamlNode node, String where, InputSpec.Type... allowed) {
        Optional<Located<String>> word = values.plainNonEmpty(node, "'type' of " + where);
        Optional<InputSpec.Type> type =
                word.flatMap(
                        text ->
                                Arrays.stream(allowed)
                                        .filter(candidate -> candidate.label().equals(text.value()))
                                        .findFirst());
        if (word.isPresent() && type.isEmpty()) {
            problems.error(
                    node.position(),
                    "unknown type '"
                            + word.get().value()
                            + "' of "
                            + where
                            + Suggest.hint(
                                    word.get().value(),
                                    Arrays.stream(allowed).map(InputSpec.Type::label).toList()));
        }
        return type;
    }
}
