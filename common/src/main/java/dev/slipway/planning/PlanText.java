package dev.slipway.planning;

import dev.slipway.expression.Json;
import dev.slipway.expression.Value;
import dev.slipway.planning.PlanReport.JobPlan;
import dev.slipway.planning.PlanReport.LegPlan;
import dev.slipway.planning.PlanReport.Outlook;
import dev.slipway.planning.PlanReport.WorkflowPlan;

import java.util.List;
import java.util.stream.Collectors;

/// A {@link PlanReport} for people.
public final class PlanText {

    private PlanText() {}

    /// The report as lines, each ended by a newline.
    public static String render(PlanReport report) {
        StringBuilder text = new StringBuilder();
        for (WorkflowPlan workflow : report.workflows()) {
            workflow(workflow, text);
        }
        if (report.workflows().isEmpty()) {
            text.append("no workflow files\n");
        }
        return text.toString();
    }

    private static void workflow(WorkflowPlan workflow, StringBuilder text) {
        String verdict =
                switch (workflow.status()) {
                    case RUNS -> "runs: ";
                    case IGNORED -> "does not run: ";
                    case INVALID -> "is invalid: ";
                    case REFUSED -> "is refused: ";
                };
        String title =
                workflow.name().equals(workflow.path())
                        ? workflow.path()
                        : workflow.path() + " (" + workflow.name() + ")";
        text.append(title).append(' ').append(verdict).append(workflow.reason()).append('\n');
        workflow.problems().forEach(problem -> text.append("  ").append(problem).append('\n'));
        workflow.jobs().forEach(job -> job(job, text));
    }

    private static void job(JobPlan job, StringBuilder text) {
        boolean single = job.legs().size() == 1 && !hasMatrix(job.legs().getFirst());
        String name = single ? job.legs().getFirst().name() : job.name();
        text.append("  ").append(name);
        if (!name.equals(job.id())) {
            text.append(" [").append(job.key()).append(']');
        }
        if (job.uses().isPresent()) {
            text.append("  calls ").append(job.uses().get());
        } else if (single) {
            text.append("  on ").append(runsOn(job.legs().getFirst()));
        } else if (job.legs().isEmpty()) {
            text.append("  on ").append(job.runsOn());
        }
        if (!job.needs().isEmpty()) {
            text.append("  needs ").append(String.join(", ", job.needs()));
        }
        if (!job.condition().isEmpty()) {
            text.append("  if ").append(job.condition().replaceAll("\\s+", " "));
        }
        if (job.outlook() != Outlook.RUNS) {
            text.append("  -> ").append(outlook(job.outlook())).append(": ").append(job.reason());
        }
        text.append('\n');
        if (!single) {
            legs(job.legs(), text);
        }
    }

    private static void legs(List<LegPlan> legs, StringBuilder text) {
        for (LegPlan leg : legs) {
            text.append("    ").append(leg.name());
            if (leg.runsOn().isPresent()) {
                text.append("  on ").append(runsOn(leg));
            }
            if (leg.matrix() instanceof Value.ObjectValue matrix) {
                text.append("  ")
                        .append(
                                matrix.entries().entrySet().stream()
                                        .map(
                                                entry ->
                                                        entry.getKey()
                                                                + "="
                                                                + shown(entry.getValue()))
                                        .collect(Collectors.joining(", ")));
            }
            text.append('\n');
        }
    }

    private static String outlook(Outlook outlook) {
        return switch (outlook) {
            case RUNS -> "runs";
            case SKIPPED -> "skipped";
            case OPEN -> "open";
            case FAILS -> "fails";
        };
    }

    private static boolean hasMatrix(LegPlan leg) {
        return leg.matrix() instanceof Value.ObjectValue;
    }

    private static String runsOn(LegPlan leg) {
        return leg.runsOn().map(RunsOn::toString).orElse("");
    }

    private static String shown(Value value) {
        return value.kind().isPrimitive() ? value.text() : Json.compact(value);
    }
}
