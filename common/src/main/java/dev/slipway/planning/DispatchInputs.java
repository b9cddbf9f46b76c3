package dev.slipway.planning;

import dev.slipway.expression.ExpressionException;
import dev.slipway.expression.Value;
import dev.slipway.workflow.InputSpec;
import dev.slipway.workflow.Suggest;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The inputs of a `workflow_dispatch`: checks what somebody gave against what the workflow takes.
///
/// @param typed the `inputs` context: booleans and numbers have their type
/// @param texts `github.event.inputs`: everything is text
/// @param errors why the run cannot start; empty when it can
/// @param warnings deprecated inputs that were given
public record DispatchInputs(Value typed, Value texts, List<String> errors, List<String> warnings) {

    public DispatchInputs {
        errors = List.copyOf(errors);
        warnings = List.copyOf(warnings);
    }

    /// Checks and types the given inputs.
    ///
    /// @param specs what the workflow takes
    /// @param given names (compared ignoring case) to texts
    public static DispatchInputs resolve(List<InputSpec> specs, Map<String, String> given) {
        List<String> errors = new ArrayList<>();
        List<String> warnings = new ArrayList<>();
        Map<String, Value> typed = new LinkedHashMap<>();
        Map<String, Value> texts = new LinkedHashMap<>();
        List<String> known = specs.stream().map(InputSpec::id).toList();
        for (String id : given.keySet()) {
            if (known.stream().noneMatch(id::equalsIgnoreCase)) {
                errors.add("the workflow has no input '" + id + "'" + Suggest.hint(id, known));
            }
        }
        for (InputSpec spec : specs) {
            Optional<String> text = find(given, spec.id());
            if (text.isPresent()) {
                spec.deprecationMessage()
                        .ifPresent(
                                message ->
                                        warnings.add(
                                                "input '"
                                                        + spec.id()
                                                        + "' is deprecated: "
                                                        + message));
            }
            try {
                Value value = value(spec, text);
                typed.put(spec.id(), value);
                texts.put(spec.id(), Value.of(value.text()));
            } catch (ExpressionException e) {
                errors.add(e.getMessage());
            }
        }
        return new DispatchInputs(Value.object(typed), Value.object(texts), errors, warnings);
    }

    private static Optional<String> find(Map<String, String> given, String id) {
        return given.entrySet().stream()
                .filter(entry -> entry.getKey().equalsIgnoreCase(id))
                .map(Map.Entry::getValue)
                .findFirst();
    }

    private static Value value(InputSpec spec, Optional<String> text) {
        if (text.isPresent() && !(text.get().isEmpty() && spec.required())) {
            return fromText(spec, text.get());
        }
        if (spec.defaultValue().isPresent()) {
            return fromText(spec, spec.defaultValue().get().literal().text());
        }
        if (spec.required()) {
            throw new ExpressionException(
                    "input '"
                            + spec.id()
                            + "' is required; give it with"
                            + " --input "
                            + spec.id()
                            + "=…");
        }
        boolean firstOption = spec.type() == InputSpec.Type.CHOICE && !spec.options().isEmpty();
        return firstOption ? Value.of(spec.options().getFirst()) : spec.type().unset();
    }

    /// A text as the type of an input.
    ///
    /// @throws ExpressionException when the text is not of that type
    static Value fromText(InputSpec spec, String text) {
        return switch (spec.type()) {
            case STRING, ENVIRONMENT -> Value.of(text);
            case BOOLEAN ->
                    switch (text) {
                        case "true" -> Value.of(true);
                        case "false", "" -> Value.of(false);
                        default ->
                                throw new ExpressionException(
                                        "input '"
                                                + spec.id()
                                                + "' is a boolean: give true or false, not '"
                                                + text
                                                + "'");
                    };
            case NUMBER -> {
                double number = Value.of(text).number();
                if (Double.isNaN(number)) {
                    throw new ExpressionException(
                            "input '" + spec.id() + "' is a number, not '" + text + "'");
                }
                yield Value.of(number);
            }
            case CHOICE -> {
                if (!spec.options().contains(text)) {
                    throw new ExpressionException(
                            "input '"
                                    + spec.id()
                                    + "' cannot be '"
                                    + text
                                    + "'; choose one of "
                                    + String.join(", ", spec.options()));
                }
                yield Value.of(text);
            }
        };
    }
}
