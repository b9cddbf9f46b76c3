package dev.slipway.coordinator.engine;

import dev.slipway.coordinator.model.RunHead;
import dev.slipway.coordinator.model.RunSpec;
import dev.slipway.expression.ExpressionException;
import dev.slipway.expression.Json;
import dev.slipway.expression.Value;
import dev.slipway.planning.DispatchInputs;
import dev.slipway.planning.EventFacts;
import dev.slipway.planning.GithubContext;
import dev.slipway.planning.RunPlan;
import dev.slipway.workflow.Trigger;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The contexts that are the same for every job of a run attempt.
///
/// @param github the `github` context, without what only a running job knows
/// @param vars the `vars` context
/// @param inputs the `inputs` context of the run's own workflow, typed
public record RunContexts(Value github, Value vars, Value inputs) {
    /// @throws ExpressionException when the event's payload is not a JSON object, or inputs do not
    ///   fit the workflow
    static RunContexts of(RunSpec spec, RunHead head, int runAttempt, RunPlan plan) {
        DispatchInputs inputs = inputs(spec, plan);
        if (!inputs.errors().isEmpty()) {
            throw new ExpressionException(String.join("; ", inputs.errors()));
        }
        Map<String, String> given = new LinkedHashMap<>();
        if (inputs.texts() instanceof Value.ObjectValue texts) {
            texts.entries().forEach((name, text) -> given.put(name, text.text()));
        }
        Value github =
                GithubContext.of(
                        new GithubContext.Facts(
                                facts(spec, given),
                                head.project(),
                                spec.event().defaultBranch(),
                                head.actor(),
                                head.actor(),
                                head.workflowName(),
                                head.workflowPath(),
                                head.number(),
                                head.numberInWorkflow(),
                                runAttempt));
        return new RunContexts(github, texts(spec.vars()), inputs.typed());
    }

    private static EventFacts facts(RunSpec spec, Map<String, String> inputs) {
        var event = spec.event();
        return new EventFacts(
                event.name(),
                event.ref(),
                event.sha(),
                event.baseRef(),
                event.headRef(),
                event.changedPaths(),
                payload(event.payloadJson()),
                inputs);
    }

    private static Value payload(String json) {
        if (json.isBlank()) {
            return Value.object(Map.of());
        }
        Value payload = Json.parse(json);
        if (payload instanceof Value.ObjectValue) {
            return payload;
        }
        throw new ExpressionException("the event's payload is not a JSON object");
    }

    private static DispatchInputs inputs(RunSpec spec, RunPlan plan) {
        if (!spec.event().name().equals("workflow_dispatch")) {
            return new DispatchInputs(
                    Value.object(Map.of()), Value.object(Map.of()), List.of(), List.of());
        }
        return DispatchInputs.resolve(
                plan.workflow().dispatch().map(Trigger.Dispatch::inputs).orElse(List.of()),
                spec.inputs());
    }

    private static Value texts(Map<String, String> texts) {
        Map<String, Value> values = new LinkedHashMap<>();
        texts.forEach((name, value) -> values.put(name, Value.of(value)));
        return Value.object(values);
    }
}
