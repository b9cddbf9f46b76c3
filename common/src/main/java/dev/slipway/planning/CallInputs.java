package dev.slipway.planning;

import dev.slipway.expression.ExpressionException;
import dev.slipway.expression.Scope;
import dev.slipway.expression.Value;
import dev.slipway.workflow.CallCheck;
import dev.slipway.workflow.CallJob;
import dev.slipway.workflow.Coercion;
import dev.slipway.workflow.InputSpec;
import dev.slipway.workflow.Suggest;
import dev.slipway.workflow.Trigger;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The `inputs` context of a called workflow: what `with` gives, checked and typed, and defaults.
final class CallInputs {

    private CallInputs() {}

    /// @param child the instance that the call makes
    /// @param scope the calling leg's
    /// @throws ExpressionException when an input is missing, unknown or of the wrong type
    static Value evaluate(PlanTree.Instance child, CallJob call, Scope scope, RunView view) {
        Trigger.Call trigger = child.workflow().call().orElseThrow();
        Map<String, Value> given = Coercion.object(call.with().evaluate(scope), "with");
        List<String> known = trigger.inputs().stream().map(InputSpec::id).toList();
        for (String id : given.keySet()) {
            if (known.stream().noneMatch(id::equalsIgnoreCase)) {
                throw new ExpressionException(
                        "'"
                                + child.workflow().path()
                                + "' has no input '"
                                + id
                                + "'"
                                + Suggest.hint(id, known));
            }
        }
        Map<String, Value> inputs = new LinkedHashMap<>();
        for (InputSpec spec : trigger.inputs()) {
            Optional<Value> value =
                    given.entrySet().stream()
                            .filter(entry -> entry.getKey().equalsIgnoreCase(spec.id()))
                            .map(Map.Entry::getValue)
                            .findFirst();
            inputs.put(
                    spec.id(),
                    value.isPresent() ? typed(spec, value.get()) : fallback(spec, child, view));
        }
        return Value.object(inputs);
    }

    private static Value typed(InputSpec spec, Value value) {
        CallCheck.typeProblem(spec, value)
                .ifPresent(
                        problem -> {
                            throw new ExpressionException(problem);
                        });
        if (value instanceof Value.NullValue) {
            return spec.type().unset();
        }
        return spec.type() == InputSpec.Type.STRING ? Value.of(value.text()) : value;
    }

    private static Value fallback(InputSpec spec, PlanTree.Instance child, RunView view) {
        if (spec.defaultValue().isEmpty()) {
            if (spec.required()) {
                throw new ExpressionException(
                        "input '"
                                + spec.id()
                                + "' is required by '"
                                + child.workflow().path()
                                + "' but 'with' does not give it");
            }
            return spec.type().unset();
        }
        PlanScope scope =
                new PlanScope(
                        Map.of("github", view.github(), "vars", view.vars(), "inputs", Value.NULL),
                        PlanScope.Status.NONE);
        Value value = spec.defaultValue().get().evaluate(scope);
        if (value instanceof Value.StringValue text && spec.type() != InputSpec.Type.STRING) {
            return DispatchInputs.fromText(spec, text.value());
        }
        return typed(spec, value);
    }
}
