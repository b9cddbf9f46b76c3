package dev.slipway.planning;

import dev.slipway.expression.Value;
import dev.slipway.workflow.Problem;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Works out what an event would start, without running anything.
public final class PlanReporter {

    private final WorkflowSource source;
    private final EventFacts facts;
    private final Value github;
    private final Value vars;

    /// @param source the project's files
    /// @param github what is known of the `github` context beyond the event: `repository`, `actor`
    /// @param vars the `vars` context
    public PlanReporter(WorkflowSource source, EventFacts facts, Value github, Value vars) {
        this.source = source;
        this.facts = facts;
        this.github = github;
        this.vars = vars;
    }

    /// A workflow file of the project.
    ///
    /// @param path relative to the project, with `/`
    public record WorkflowFile(String path, byte[] bytes) {}

    /// The report on these files.
    public PlanReport report(List<WorkflowFile> files) {
        return new PlanReport(
                facts.event(), facts.ref(), files.stream().map(this::workflow).toList());
    }

    private PlanReport.WorkflowPlan workflow(WorkflowFile file) {
        RunPlan.Loaded loaded = RunPlan.load(file.path(), file.bytes(), source);
        if (loaded.plan().isEmpty()) {
            long errors = loaded.problems().stream().filter(Problem::isError).count();
            return new PlanReport.WorkflowPlan(
                    file.path(),
                    file.path(),
                    PlanReport.Status.INVALID,
                    errors == 1 ? "it has an error" : "it has " + errors + " errors",
                    loaded.problems(),
                    List.of());
        }
        RunPlan plan = loaded.plan().get();
        List<Problem> problems = new ArrayList<>(loaded.problems());
        return switch (Triggers.decide(plan.workflow(), facts)) {
            case TriggerDecision.Ignored ignored ->
                    result(plan, PlanReport.Status.IGNORED, ignored.reason(), problems, List.of());
            case TriggerDecision.Refused refused ->
                    result(
                            plan,
                            PlanReport.Status.REFUSED,
                            String.join("; ", refused.errors()),
                            problems,
                            List.of());
            case TriggerDecision.Runs runs -> {
                List<PlanReport.JobPlan> jobs = new JobForecast(plan, view(plan, runs)).jobs();
                List<Problem> unsupported = plan.unsupported();
                problems.addAll(unsupported);
                yield unsupported.isEmpty()
                        ? result(plan, PlanReport.Status.RUNS, runs.reason(), problems, jobs)
                        : result(
                                plan,
                                PlanReport.Status.REFUSED,
                                "it needs what Slipway cannot run yet",
                                problems,
                                jobs);
            }
        };
    }

    private static PlanReport.WorkflowPlan result(
            RunPlan plan,
            PlanReport.Status status,
            String reason,
            List<Problem> problems,
            List<PlanReport.JobPlan> jobs) {
        return new PlanReport.WorkflowPlan(
                plan.workflow().path(),
                plan.workflow().displayName(),
                status,
                reason,
                problems,
                jobs);
    }

    private JobForecast.Given view(RunPlan plan, TriggerDecision.Runs runs) {
        Map<String, Value> context = new LinkedHashMap<>();
        if (github instanceof Value.ObjectValue object) {
            context.putAll(object.entries());
        }
        context.put("event_name", Value.of(facts.event()));
        context.put("ref", Value.of(facts.ref()));
        context.put("ref_name", Value.of(refName()));
        context.put("ref_type", Value.of(facts.tag().isPresent() ? "tag" : "branch"));
        context.put("sha", Value.of(facts.sha()));
        context.put("base_ref", Value.of(facts.baseRef()));
        context.put("head_ref", Value.of(facts.headRef()));
        context.put("workflow", Value.of(plan.workflow().displayName()));
        context.put("event", event(runs));
        return new JobForecast.Given(Value.object(context), vars, runs.inputs());
    }

    private String refName() {
        return facts.branch()
                .or(facts::tag)
                .orElseGet(
                        () ->
                                facts.ref().startsWith("refs/pull/")
                                        ? facts.ref().substring("refs/pull/".length())
                                        : facts.ref());
    }

    private Value event(TriggerDecision.Runs runs) {
        if (runs.inputTexts() instanceof Value.NullValue
                || !(facts.payload() instanceof Value.ObjectValue payload)) {
            return facts.payload();
        }
        Map<String, Value> event = new LinkedHashMap<>(payload.entries());
        event.put("inputs", runs.inputTexts());
        return Value.object(event);
    }
}
