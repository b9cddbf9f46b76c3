package dev.slipway.planning;

import dev.slipway.expression.ExpressionException;
import dev.slipway.expression.Value;
import dev.slipway.planning.JobResult.Conclusion;
import dev.slipway.workflow.CallJob;
import dev.slipway.workflow.Coercion;
import dev.slipway.workflow.Job;
import dev.slipway.workflow.StepsJob;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/// Turns a ready job into a decision: its condition, its matrix, and every key that is evaluated
/// before an agent takes it.
final class JobExpansion {

    private final PlanTree tree;

    JobExpansion(PlanTree tree) {
        this.tree = tree;
    }

    JobDecision decide(PlanTree.Place place, RunView view) {
        return guarded(
                place,
                () -> {
                    Job job = place.job();
                    PlanScope scope = scope(place.instance(), job, view);
                    return job.condition().condition().evaluate(scope)
                            ? expanded(place, scope, view)
                            : new JobDecision.Skip(skipReason(place, view));
                });
    }

    /// The decision as if the job's condition held.
    JobDecision expand(PlanTree.Place place, RunView view) {
        return guarded(
                place, () -> expanded(place, scope(place.instance(), place.job(), view), view));
    }

    private static JobDecision guarded(PlanTree.Place place, Supplier<JobDecision> decision) {
        try {
            return decision.get();
        } catch (ExpressionException e) {
            return new JobDecision.Fail(
                    place.instance().workflow().path()
                            + ": job '"
                            + place.job().id()
                            + "': "
                            + e.getMessage());
        }
    }

    private JobDecision expanded(PlanTree.Place place, PlanScope scope, RunView view) {
        StrategyPlan strategy = StrategyPlan.of(place.job().strategy(), scope);
        return switch (place.job()) {
            case StepsJob steps ->
                    new JobDecision.Run(
                            legs(place, steps, strategy, scope, view),
                            strategy.failFast(),
                            strategy.maxParallel());
            case CallJob call ->
                    new JobDecision.Call(
                            callLegs(place, call, strategy, scope, view),
                            strategy.failFast(),
                            strategy.maxParallel());
        };
    }

    private static String skipReason(PlanTree.Place place, RunView view) {
        PlanTree.Instance instance = place.instance();
        Job job = place.job();
        if (view.cancelled()) {
            return "the run was cancelled";
        }
        if (!job.condition().condition().callsStatusFunction()) {
            for (String ancestor : instance.graph().ancestors(job.id())) {
                Conclusion conclusion = conclusion(instance, ancestor, view);
                if (conclusion != Conclusion.SUCCESS) {
                    return "'"
                            + ancestor
                            + "' "
                            + switch (conclusion) {
                                case FAILURE -> "failed";
                                case CANCELLED -> "was cancelled";
                                case SKIPPED, SUCCESS -> "was skipped";
                            };
                }
            }
        }
        return "its condition is false: " + job.condition().source().strip();
    }

    private static Conclusion conclusion(PlanTree.Instance instance, String id, RunView view) {
        return view.result(instance.prefix() + id)
                .map(JobResult::conclusion)
                .orElseThrow(
                        () ->
                                new IllegalStateException(
                                        "job '" + instance.prefix() + id + "' has no result yet"));
    }

    /// The scope of a job before its matrix: github, vars, inputs, needs and status functions.
    private PlanScope scope(PlanTree.Instance instance, Job job, RunView view) {
        Map<String, Value> contexts = new LinkedHashMap<>();
        contexts.put("github", view.github());
        contexts.put("vars", view.vars());
        contexts.put("inputs", inputs(instance, view));
        contexts.put("needs", needs(instance, job, view));
        return new PlanScope(contexts, status(instance, job, view));
    }

    private static Value needs(PlanTree.Instance instance, Job job, RunView view) {
        Map<String, Value> needs = new LinkedHashMap<>();
        for (String id : instance.graph().needs(job.id())) {
            view.result(instance.prefix() + id)
                    .ifPresent(
                            result ->
                                    needs.put(
                                            id,
                                            Value.object(
                                                    Map.of(
                                                            "result",
                                                                    Value.of(
                                                                            result.conclusion()
                                                                                    .label()),
                                                            "outputs", outputs(result)))));
        }
        return Value.object(needs);
    }

    static Value outputs(JobResult result) {
        Map<String, Value> outputs = new LinkedHashMap<>();
        result.outputs().forEach((name, value) -> outputs.put(name, Value.of(value)));
        return Value.object(outputs);
    }

    private static PlanScope.Status status(PlanTree.Instance instance, Job job, RunView view) {
        return (function, named) -> {
            List<String> jobs = new ArrayList<>();
            for (String name : named) {
                jobs.add(
                        instance.workflow()
                                .job(name)
                                .map(Job::id)
                                .orElseThrow(
                                        () ->
                                                new ExpressionException(
                                                        function
                                                                + "('"
                                                                + name
                                                                + "') names no job of this"
                                                                + " workflow")));
            }
            if (named.isEmpty()) {
                jobs.addAll(instance.graph().ancestors(job.id()));
            }
            List<Conclusion> conclusions =
                    jobs.stream()
                            .flatMap(id -> view.result(instance.prefix() + id).stream())
                            .map(JobResult::conclusion)
                            .toList();
            return switch (function) {
                case "always" -> true;
                case "cancelled" -> view.cancelled();
                case "failure" -> conclusions.contains(Conclusion.FAILURE);
                case "success" ->
                        !view.cancelled()
                                && conclusions.stream().allMatch(Conclusion.SUCCESS::equals);
                default ->
                        throw new ExpressionException(
                                "The function '" + function + "' is not available here");
            };
        };
    }

    /// The `inputs` context of an instance: the run's, or what the call gives.
    private Value inputs(PlanTree.Instance instance, RunView view) {
        if (instance.parent().isEmpty()) {
            return view.inputs();
        }
        PlanTree.Call call = instance.parent().get();
        PlanScope scope = scope(call.instance(), call.job(), view);
        StrategyPlan strategy = StrategyPlan.of(call.job().strategy(), scope);
        return CallInputs.evaluate(instance, call.job(), strategy.scope(scope, call.index()), view);
    }

    private List<JobLeg> legs(
            PlanTree.Place place,
            StepsJob job,
            StrategyPlan strategy,
            PlanScope scope,
            RunView view) {
        String callName = callName(place.instance(), view);
        List<JobLeg> legs = new ArrayList<>();
        for (int i = 0; i < strategy.size(); i++) {
            legs.add(LegBuilder.build(place.instance(), job, strategy, i, scope, callName));
        }
        return legs;
    }

    /// One leg of a job, whatever its condition says by now.
    JobLeg leg(PlanTree.Place place, RunView view) {
        if (!(place.job() instanceof StepsJob job)) {
            throw new IllegalArgumentException("'" + place.nodeKey() + "' runs no steps");
        }
        PlanScope scope = scope(place.instance(), job, view);
        StrategyPlan strategy = StrategyPlan.of(job.strategy(), scope);
        String callName = callName(place.instance(), view);
        return LegBuilder.build(place.instance(), job, strategy, place.index(), scope, callName);
    }

    /// The legs of a call, whatever its condition says by now.
    List<CallLeg> calls(PlanTree.Place place, RunView view) {
        if (!(place.job() instanceof CallJob call)) {
            throw new IllegalArgumentException("'" + place.nodeKey() + "' calls no workflow");
        }
        PlanScope scope = scope(place.instance(), call, view);
        return callLegs(place, call, StrategyPlan.of(call.strategy(), scope), scope, view);
    }

    private List<CallLeg> callLegs(
            PlanTree.Place place,
            CallJob job,
            StrategyPlan strategy,
            PlanScope scope,
            RunView view) {
        List<CallLeg> legs = new ArrayList<>();
        String callName = callName(place.instance(), view);
        for (int i = 0; i < strategy.size(); i++) {
            PlanScope leg = strategy.scope(scope, i);
            PlanTree.Instance child =
                    tree.child(place.instance(), job, i)
                            .orElseThrow(
                                    () ->
                                            new ExpressionException(
                                                    "'"
                                                            + job.uses().value().text()
                                                            + "' is a workflow of another"
                                                            + " repository, which cannot be called"
                                                            + " yet"));
            String name = JobNaming.of(job, strategy.nameParts(i), leg, callName);
            Value inputs = CallInputs.evaluate(child, job, leg, view);
            PlanScope called = scope.with(Map.of("inputs", inputs));
            Optional<ConcurrencyGroup> concurrency =
                    job.concurrency()
                            .map(value -> ConcurrencyGroup.of(value.evaluate(leg)))
                            .or(
                                    () ->
                                            child.workflow()
                                                    .concurrency()
                                                    .map(
                                                            value ->
                                                                    ConcurrencyGroup.of(
                                                                            value.evaluate(
                                                                                    called))));
            legs.add(
                    new CallLeg(
                            PlanTree.legKey(place.instance(), job, i),
                            place.nodeKey(),
                            i,
                            name,
                            strategy.matrix(i),
                            inputs,
                            concurrency,
                            tree.nodes(child, name)));
        }
        return legs;
    }

    /// What people see of the call that made an instance; empty for the run's own workflow.
    private String callName(PlanTree.Instance instance, RunView view) {
        if (instance.parent().isEmpty()) {
            return "";
        }
        PlanTree.Call call = instance.parent().get();
        PlanScope scope = scope(call.instance(), call.job(), view);
        StrategyPlan strategy = StrategyPlan.of(call.job().strategy(), scope);
        return JobNaming.of(
                call.job(),
                strategy.nameParts(call.index()),
                strategy.scope(scope, call.index()),
                callName(call.instance(), view));
    }

    /// The secrets inside an instance.
    Map<String, String> secrets(
            PlanTree.Instance instance, RunView view, Map<String, String> runSecrets) {
        if (instance.parent().isEmpty()) {
            return runSecrets;
        }
        PlanTree.Call call = instance.parent().get();
        Map<String, String> outer = secrets(call.instance(), view, runSecrets);
        if (call.job().inheritSecrets()) {
            return outer;
        }
        Map<String, Value> values = new LinkedHashMap<>();
        outer.forEach((name, value) -> values.put(name, Value.of(value)));
        PlanScope scope = scope(call.instance(), call.job(), view);
        StrategyPlan strategy = StrategyPlan.of(call.job().strategy(), scope);
        PlanScope leg =
                strategy.scope(scope, call.index()).with(Map.of("secrets", Value.object(values)));
        Map<String, String> passed = new LinkedHashMap<>();
        call.job()
                .secrets()
                .map(mapping -> Coercion.textMap(mapping.evaluate(leg), "secrets"))
                .ifPresent(passed::putAll);
        passed.values().removeIf(String::isEmpty);
        Optional.ofNullable(outer.get("GITHUB_TOKEN"))
                .ifPresent(token -> passed.putIfAbsent("GITHUB_TOKEN", token));
        return passed;
    }
}
