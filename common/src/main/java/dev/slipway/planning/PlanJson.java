package dev.slipway.planning;

import dev.slipway.expression.Json;
import dev.slipway.expression.Value;
import dev.slipway.planning.PlanReport.JobPlan;
import dev.slipway.planning.PlanReport.LegPlan;
import dev.slipway.planning.PlanReport.WorkflowPlan;
import dev.slipway.workflow.Problem;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// A {@link PlanReport} as one line of JSON, for scripts. Keys are only ever added.
public final class PlanJson {

    private PlanJson() {}

    /// The report as an object with `event`, `ref` and `workflows`.
    public static String render(PlanReport report) {
        Map<String, Value> json = new LinkedHashMap<>();
        json.put("event", Value.of(report.event()));
        json.put("ref", Value.of(report.ref()));
        json.put(
                "workflows",
                Value.array(report.workflows().stream().map(PlanJson::workflow).toList()));
        return Json.compact(Value.object(json));
    }

    private static Value workflow(WorkflowPlan workflow) {
        Map<String, Value> json = new LinkedHashMap<>();
        json.put("path", Value.of(workflow.path()));
        json.put("name", Value.of(workflow.name()));
        json.put("runs", Value.of(workflow.status() == PlanReport.Status.RUNS));
        json.put("status", Value.of(word(workflow.status())));
        json.put("reason", Value.of(workflow.reason()));
        json.put(
                "problems",
                Value.array(workflow.problems().stream().map(PlanJson::problem).toList()));
        json.put("jobs", Value.array(workflow.jobs().stream().map(PlanJson::job).toList()));
        return Value.object(json);
    }

    private static Value problem(Problem problem) {
        Map<String, Value> json = new LinkedHashMap<>();
        json.put("path", Value.of(problem.path()));
        json.put("line", Value.of(problem.line()));
        json.put("column", Value.of(problem.column()));
        json.put("severity", Value.of(problem.severity().label()));
        json.put("message", Value.of(problem.message()));
        return Value.object(json);
    }

    private static Value job(JobPlan job) {
        Map<String, Value> json = new LinkedHashMap<>();
        json.put("key", Value.of(job.key()));
        json.put("id", Value.of(job.id()));
        json.put("name", Value.of(job.name()));
        json.put("needs", texts(job.needs()));
        if (!job.condition().isEmpty()) {
            json.put("if", Value.of(job.condition()));
        }
        json.put("outlook", Value.of(word(job.outlook())));
        if (!job.reason().isEmpty()) {
            json.put("reason", Value.of(job.reason()));
        }
        job.uses().ifPresent(uses -> json.put("uses", Value.of(uses)));
        if (job.uses().isEmpty()) {
            json.put(
                    "runs-on",
                    job.legs().isEmpty()
                            ? texts(List.of(job.runsOn()))
                            : job.legs()
                                    .getFirst()
                                    .runsOn()
                                    .map(runsOn -> texts(runsOn.labels()))
                                    .orElse(texts(List.of())));
        }
        json.put("legs", Value.array(job.legs().stream().map(PlanJson::leg).toList()));
        return Value.object(json);
    }

    private static Value leg(LegPlan leg) {
        Map<String, Value> json = new LinkedHashMap<>();
        json.put("key", Value.of(leg.key()));
        json.put("name", Value.of(leg.name()));
        json.put("matrix", leg.matrix());
        leg.runsOn()
                .ifPresent(
                        runsOn -> {
                            json.put("runs-on", texts(runsOn.labels()));
                            runsOn.group().ifPresent(group -> json.put("group", Value.of(group)));
                        });
        return Value.object(json);
    }

    private static Value texts(List<String> texts) {
        return Value.array(texts.stream().map(Value::of).toList());
    }

    private static String word(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }
}
