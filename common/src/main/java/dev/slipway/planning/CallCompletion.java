package dev.slipway.planning;

import dev.slipway.expression.ExpressionException;
import dev.slipway.expression.Value;
import dev.slipway.planning.JobResult.Conclusion;
import dev.slipway.workflow.Coercion;
import dev.slipway.workflow.Job;
import dev.slipway.workflow.Trigger;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Makes the result of a call from the results of the called workflow's jobs.
final class CallCompletion {

    private final PlanTree tree;
    private final JobExpansion expansion;

    CallCompletion(PlanTree tree, JobExpansion expansion) {
        this.tree = tree;
        this.expansion = expansion;
    }

    CallOutcome finish(PlanTree.Place place, RunView view) {
        List<Conclusion> conclusions = new ArrayList<>();
        Map<String, String> outputs = new LinkedHashMap<>();
        try {
            for (CallLeg leg : expansion.calls(place, view)) {
                PlanTree.Instance child = child(leg);
                conclusions.add(
                        JobResults.worst(
                                results(child, view).values().stream()
                                        .map(JobResult::conclusion)
                                        .toList()));
                outputs(child, leg, view)
                        .forEach(
                                (name, value) -> {
                                    if (!value.isEmpty()) {
                                        outputs.put(name, value);
                                    } else {
                                        outputs.putIfAbsent(name, value);
                                    }
                                });
            }
        } catch (ExpressionException e) {
            return new CallOutcome(
                    new JobResult(Conclusion.FAILURE, Map.of()),
                    Optional.of("the outputs of '" + place.nodeKey() + "': " + e.getMessage()));
        }
        return new CallOutcome(
                new JobResult(JobResults.worst(conclusions), outputs), Optional.empty());
    }

    private PlanTree.Instance child(CallLeg leg) {
        return tree.resolve(leg.nodes().getFirst().key()).instance();
    }

    private static Map<String, JobResult> results(PlanTree.Instance child, RunView view) {
        Map<String, JobResult> results = new LinkedHashMap<>();
        for (Job job : child.workflow().jobs()) {
            String key = child.prefix() + job.id();
            results.put(
                    job.id(),
                    view.result(key)
                            .orElseThrow(
                                    () ->
                                            new IllegalStateException(
                                                    "job '" + key + "' has no result yet")));
        }
        return results;
    }

    private static Map<String, String> outputs(PlanTree.Instance child, CallLeg leg, RunView view) {
        Map<String, Value> jobs = new LinkedHashMap<>();
        results(child, view)
                .forEach(
                        (id, result) ->
                                jobs.put(
                                        id,
                                        Value.object(
                                                Map.of(
                                                        "result",
                                                                Value.of(
                                                                        result.conclusion()
                                                                                .label()),
                                                        "outputs", JobExpansion.outputs(result)))));
        PlanScope scope =
                new PlanScope(
                        Map.of(
                                "github", view.github(),
                                "vars", view.vars(),
                                "inputs", leg.inputs(),
                                "jobs", Value.object(jobs)),
                        PlanScope.Status.NONE);
        Map<String, String> outputs = new LinkedHashMap<>();
        for (Trigger.OutputSpec output : child.workflow().call().orElseThrow().outputs()) {
            outputs.put(
                    output.id(),
                    Coercion.text(output.value().evaluate(scope), "outputs." + output.id()));
        }
        return outputs;
    }
}
