package dev.slipway.planning;

import dev.slipway.expression.Template;
import dev.slipway.expression.Value;
import dev.slipway.planning.JobResult.Conclusion;
import dev.slipway.planning.PlanReport.JobPlan;
import dev.slipway.planning.PlanReport.LegPlan;
import dev.slipway.planning.PlanReport.Outlook;
import dev.slipway.workflow.CallJob;
import dev.slipway.workflow.Computed;
import dev.slipway.workflow.Job;
import dev.slipway.workflow.StepsJob;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/// Predicts the jobs of a run: as if everything succeeds, and marking what depends on results or
/// outputs that only the run will know.
final class JobForecast {

    private final RunPlan plan;
    private final Given given;
    private final Map<String, JobResult> results = new HashMap<>();

    /// What is known before the run.
    record Given(Value github, Value vars, Value inputs) {}

    JobForecast(RunPlan plan, Given given) {
        this.plan = plan;
        this.given = given;
    }

    /// All jobs, those of called workflows behind their caller.
    List<JobPlan> jobs() {
        Set<String> wanted = new TreeSet<>();
        plan.nodes().forEach(node -> wanted.add(node.key()));
        return instance(plan.tree().root(), "", wanted);
    }

    private List<JobPlan> instance(
            PlanTree.Instance instance, String callName, Set<String> wanted) {
        Map<String, List<JobPlan>> byJob = new HashMap<>();
        Map<String, JobNode> nodes = new HashMap<>();
        plan.tree().nodes(instance, callName).forEach(node -> nodes.put(node.key(), node));
        for (String id : instance.graph().topological()) {
            String key = instance.prefix() + id;
            JobNode node = nodes.get(key);
            if (node != null && (wanted.isEmpty() || wanted.contains(key))) {
                byJob.put(id, job(instance, node));
            }
        }
        return instance.graph().ids().stream()
                .flatMap(id -> byJob.getOrDefault(id, List.of()).stream())
                .toList();
    }

    private List<JobPlan> job(PlanTree.Instance instance, JobNode node) {
        Job job = plan.job(node.key());
        boolean openCondition =
                isOpen(instance, contexts(job.condition().condition().template()))
                        || (job.condition().isWritten() && asksForStatus(job));
        boolean openLegs = isOpen(instance, legContexts(job));
        JobDecision decision = plan.decide(node.key(), view());
        if (decision instanceof JobDecision.Skip skip && !openCondition) {
            return skipped(instance, node, job, skip.reason());
        }
        results.put(node.key(), new JobResult(Conclusion.SUCCESS, Map.of()));
        Outlook outlook = openCondition ? Outlook.OPEN : Outlook.RUNS;
        String reason = openCondition ? "its condition is decided when its needs are done" : "";
        if (openLegs) {
            return List.of(
                    plan(
                            node,
                            job,
                            Outlook.OPEN,
                            "what it becomes depends on the outputs of "
                                    + String.join(", ", node.needs()),
                            List.of()));
        }
        return switch (plan.expand(node.key(), view())) {
            case JobDecision.Run run ->
                    List.of(
                            plan(
                                    node,
                                    job,
                                    outlook,
                                    reason,
                                    run.legs().stream()
                                            .map(
                                                    leg ->
                                                            new LegPlan(
                                                                    leg.key(),
                                                                    leg.name(),
                                                                    leg.matrix(),
                                                                    Optional.of(leg.runsOn())))
                                            .toList()));
            case JobDecision.Call call ->
                    called(instance, node, job, call, plan(node, job, outlook, reason, List.of()));
            case JobDecision.Fail fail -> {
                results.put(node.key(), new JobResult(Conclusion.FAILURE, Map.of()));
                yield List.of(plan(node, job, Outlook.FAILS, fail.message(), List.of()));
            }
            case JobDecision.Skip skip -> skipped(instance, node, job, skip.reason());
        };
    }

    private List<JobPlan> skipped(
            PlanTree.Instance instance, JobNode node, Job job, String reason) {
        results.put(node.key(), JobResult.SKIPPED);
        List<JobPlan> plans = new ArrayList<>();
        plans.add(plan(node, job, Outlook.SKIPPED, reason, List.of()));
        if (job instanceof CallJob call && job.strategy().isEmpty()) {
            String why = "'" + node.key() + "' is skipped";
            List<JobNode> inner =
                    plan.tree()
                            .child(instance, call, 0)
                            .map(child -> plan.tree().nodes(child, node.name()))
                            .orElse(List.of());
            for (JobNode each : inner) {
                plans.add(plan(each, plan.job(each.key()), Outlook.SKIPPED, why, List.of()));
            }
        }
        return plans;
    }

    private List<JobPlan> called(
            PlanTree.Instance instance, JobNode node, Job job, JobDecision.Call call, JobPlan own) {
        List<JobPlan> plans = new ArrayList<>();
        List<LegPlan> legs = new ArrayList<>();
        for (int i = 0; i < call.legs().size(); i++) {
            CallLeg leg = call.legs().get(i);
            legs.add(new LegPlan(leg.key(), leg.name(), leg.matrix(), Optional.empty()));
            plan.tree()
                    .child(instance, (CallJob) job, i)
                    .ifPresent(child -> plans.addAll(instance(child, leg.name(), Set.of())));
        }
        plans.addFirst(plan(node, job, own.outlook(), own.reason(), legs));
        return plans;
    }

    private static JobPlan plan(
            JobNode node, Job job, Outlook outlook, String reason, List<LegPlan> legs) {
        return new JobPlan(
                node.key(),
                node.jobId(),
                node.name(),
                node.needs(),
                job.condition().source().strip(),
                outlook,
                reason,
                job instanceof StepsJob steps ? source(steps.runsOn()) : "",
                job instanceof CallJob call
                        ? Optional.of(call.uses().value().text())
                        : Optional.empty(),
                legs);
    }

    /// A value as written, on one line.
    private static String source(Computed value) {
        return switch (value) {
            case Computed.Literal literal -> literal.value().text();
            case Computed.Dynamic dynamic -> dynamic.source();
            case Computed.Items items ->
                    String.join(", ", items.items().stream().map(JobForecast::source).toList());
            case Computed.Entries entries ->
                    String.join(
                            ", ",
                            entries.entries().stream()
                                    .map(
                                            entry ->
                                                    source(entry.key())
                                                            + ": "
                                                            + source(entry.value()))
                                    .toList());
        };
    }

    private static boolean asksForStatus(Job job) {
        Set<String> functions = new TreeSet<>();
        job.condition()
                .condition()
                .template()
                .expressions()
                .forEach(embedded -> functions.addAll(embedded.expression().functionsUsed()));
        return functions.contains("failure") || functions.contains("cancelled");
    }

    /// Whether contexts are used that only the run will know.
    private boolean isOpen(PlanTree.Instance instance, Set<String> contexts) {
        if (contexts.contains("needs")) {
            return true;
        }
        if (!contexts.contains("inputs") || instance.parent().isEmpty()) {
            return false;
        }
        PlanTree.Call call = instance.parent().get();
        Set<String> given = new TreeSet<>();
        collect(call.job().with(), given);
        call.job().strategy().ifPresent(strategy -> collect(strategy.value(), given));
        return isOpen(call.instance(), given);
    }

    private static Set<String> contexts(Template template) {
        return template.contextsUsed();
    }

    private static Set<String> legContexts(Job job) {
        Set<String> contexts = new TreeSet<>();
        job.strategy().ifPresent(strategy -> collect(strategy.value(), contexts));
        job.name().ifPresent(name -> collect(name, contexts));
        job.concurrency().ifPresent(value -> collect(value, contexts));
        switch (job) {
            case CallJob _ -> {
                // Its inputs may be open: they matter only where the callee uses them.
            }
            case StepsJob steps -> {
                collect(steps.runsOn(), contexts);
                steps.environment().ifPresent(value -> collect(value.name(), contexts));
                steps.timeoutMinutes().ifPresent(value -> collect(value, contexts));
                steps.continueOnError().ifPresent(value -> collect(value, contexts));
            }
        }
        return contexts;
    }

    private static void collect(Computed value, Set<String> contexts) {
        value.forEachTemplate(dynamic -> contexts.addAll(dynamic.template().contextsUsed()));
    }

    private RunView view() {
        return new RunView() {
            @Override
            public Value github() {
                return given.github();
            }

            @Override
            public Value vars() {
                return given.vars();
            }

            @Override
            public Value inputs() {
                return given.inputs();
            }

            @Override
            public boolean cancelled() {
                return false;
            }

            @Override
            public Optional<JobResult> result(String nodeKey) {
                return Optional.ofNullable(results.get(nodeKey));
            }
        };
    }
}
