package dev.slipway.agent.runner;

import dev.slipway.expression.Value;
import dev.slipway.expression.Value.ObjectValue;

import org.jspecify.annotations.Nullable;

import java.util.LinkedHashMap;
import java.util.Map;

/// The `steps` context of a job or of a composite action. Belongs to one thread.
final class StepResults {
    private final Map<String, Value> byId = new LinkedHashMap<>();
    private @Nullable ObjectValue context;

    void put(String id, StepOutcome outcome) {
        byId.put(
                id,
                Values.object(
                        "outputs", Values.ofStrings(outcome.effects().outputs()),
                        "outcome", outcome.outcome().word(),
                        "conclusion", outcome.conclusion().word()));
        context = null;
    }

    ObjectValue context() {
        ObjectValue current = context;
        if (current == null) {
            current = Value.object(byId);
            context = current;
        }
        return current;
    }
}
