package dev.slipway.planning;

import dev.slipway.expression.Value;
import dev.slipway.workflow.Events;
import dev.slipway.workflow.Filters;
import dev.slipway.workflow.Suggest;
import dev.slipway.workflow.Trigger;
import dev.slipway.workflow.Workflow;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/// Decides whether an event starts a workflow, and says why or why not.
///
/// Filters work as GitHub documents them: all kinds of a trigger must agree; `branches` and `tags`
/// are alternatives of `push`; paths do not count for tags.
public final class Triggers {

    private static final Value NO_INPUTS = Value.object(Map.of());

    private Triggers() {}

    /// The decision for one workflow.
    public static TriggerDecision decide(Workflow workflow, EventFacts facts) {
        Optional<Trigger> trigger = workflow.trigger(facts.event());
        if (trigger.isEmpty()) {
            String events =
                    workflow.triggers().stream()
                            .map(Trigger::event)
                            .collect(Collectors.joining(", "));
            String unknown =
                    Events.exists(facts.event())
                            ? ""
                            : " (GitHub has no event '"
                                    + facts.event()
                                    + "'"
                                    + Suggest.closest(facts.event(), Events.names())
                                            .map(best -> "; did you mean '" + best + "'?")
                                            .orElse("")
                                    + ")";
            return new TriggerDecision.Ignored(
                    "its 'on' has " + events + ", not '" + facts.event() + "'" + unknown);
        }
        return switch (trigger.get()) {
            case Trigger.Event event -> filtered(event, facts);
            case Trigger.Schedule schedule -> scheduled(schedule, facts);
            case Trigger.Dispatch dispatch -> dispatched(dispatch, facts);
            case Trigger.Call _ ->
                    new TriggerDecision.Ignored(
                            "'workflow_call' is no event: other workflows call it");
        };
    }

    private static TriggerDecision dispatched(Trigger.Dispatch dispatch, EventFacts facts) {
        DispatchInputs inputs = DispatchInputs.resolve(dispatch.inputs(), facts.inputs());
        if (!inputs.errors().isEmpty()) {
            return new TriggerDecision.Refused(inputs.errors());
        }
        return new TriggerDecision.Runs(
                "started by hand", inputs.typed(), inputs.texts(), inputs.warnings());
    }

    private static TriggerDecision scheduled(Trigger.Schedule schedule, EventFacts facts) {
        String cron = facts.payload().get("schedule").text();
        boolean listed =
                cron.isEmpty()
                        || schedule.entries().stream().anyMatch(entry -> entry.cron().equals(cron));
        return listed
                ? runs(cron.isEmpty() ? "schedule" : "schedule " + cron)
                : new TriggerDecision.Ignored("its schedule has no cron line '" + cron + "'");
    }

    private static TriggerDecision filtered(Trigger.Event trigger, EventFacts facts) {
        return typeMismatch(trigger, facts)
                .or(() -> refMismatch(trigger, facts))
                .or(() -> pathMismatch(trigger.filters(), facts))
                .or(() -> workflowMismatch(trigger, facts))
                .<TriggerDecision>map(TriggerDecision.Ignored::new)
                .orElseGet(() -> runs(describe(facts)));
    }

    private static TriggerDecision.Runs runs(String reason) {
        return new TriggerDecision.Runs(reason, NO_INPUTS, Value.NULL, List.of());
    }

    private static String describe(EventFacts facts) {
        StringBuilder text = new StringBuilder(facts.event());
        facts.action().ifPresent(action -> text.append(' ').append(action));
        if (!facts.baseRef().isEmpty()) {
            return text.append(" into branch ").append(facts.baseRef()).toString();
        }
        facts.branch().ifPresent(branch -> text.append(" to branch ").append(branch));
        facts.tag().ifPresent(tag -> text.append(" of tag ").append(tag));
        return text.toString();
    }

    private static Optional<String> typeMismatch(Trigger.Event trigger, EventFacts facts) {
        if (facts.action().isEmpty()) {
            return Optional.empty();
        }
        String action = facts.action().get();
        List<String> types =
                trigger.filters().has(Filters.Kind.TYPES)
                        ? trigger.filters().values(Filters.Kind.TYPES)
                        : Events.defaultTypes(trigger.event());
        return types.isEmpty() || types.contains(action)
                ? Optional.empty()
                : Optional.of("activity type '" + action + "' is not one of " + types);
    }

    private static Optional<String> refMismatch(Trigger.Event trigger, EventFacts facts) {
        Filters filters = trigger.filters();
        return switch (trigger.event()) {
            case "push" -> pushMismatch(filters, facts);
            case "workflow_run" ->
                    branchMismatch(
                            filters, facts.payload().get("workflow_run").get("head_branch").text());
            case "merge_group" -> {
                String base = facts.payload().get("merge_group").get("base_ref").text();
                yield branchMismatch(filters, shortName(base));
            }
            default -> branchMismatch(filters, shortName(facts.baseRef()));
        };
    }

    private static String shortName(String ref) {
        return ref.startsWith("refs/heads/") ? ref.substring("refs/heads/".length()) : ref;
    }

    private static Optional<String> pushMismatch(Filters filters, EventFacts facts) {
        boolean branches =
                used(filters, Filters.Kind.BRANCHES) || used(filters, Filters.Kind.BRANCHES_IGNORE);
        boolean tags = used(filters, Filters.Kind.TAGS) || used(filters, Filters.Kind.TAGS_IGNORE);
        if (facts.branch().isPresent()) {
            return tags && !branches
                    ? Optional.of(
                            "only tags start it, and '" + facts.branch().get() + "' is a branch")
                    : branchMismatch(filters, facts.branch().get());
        }
        if (facts.tag().isPresent()) {
            String tag = facts.tag().get();
            if (branches && !tags) {
                return Optional.of("only branches start it, and '" + tag + "' is a tag");
            }
            return mismatch("tag", tag, filters, Filters.Kind.TAGS, Filters.Kind.TAGS_IGNORE);
        }
        return Optional.empty();
    }

    private static Optional<String> branchMismatch(Filters filters, String branch) {
        return branch.isEmpty()
                ? Optional.empty()
                : mismatch(
                        "branch",
                        branch,
                        filters,
                        Filters.Kind.BRANCHES,
                        Filters.Kind.BRANCHES_IGNORE);
    }

    private static Optional<String> mismatch(
            String what, String name, Filters filters, Filters.Kind include, Filters.Kind ignore) {
        if (used(filters, include)) {
            NameFilter filter = new NameFilter(filters.values(include));
            return filter.selects(name)
                    ? Optional.empty()
                    : Optional.of(
                            what
                                    + " '"
                                    + name
                                    + "' does not match '"
                                    + include.key()
                                    + "' "
                                    + filter);
        }
        if (used(filters, ignore)) {
            NameFilter filter = new NameFilter(filters.values(ignore));
            return filter.selects(name)
                    ? Optional.of(what + " '" + name + "' matches '" + ignore.key() + "' " + filter)
                    : Optional.empty();
        }
        return Optional.empty();
    }

    private static Optional<String> pathMismatch(Filters filters, EventFacts facts) {
        if (facts.changedFiles().isEmpty() || facts.tag().isPresent()) {
            return Optional.empty();
        }
        List<String> files = facts.changedFiles().get();
        if (used(filters, Filters.Kind.PATHS)) {
            NameFilter filter = new NameFilter(filters.values(Filters.Kind.PATHS));
            return files.stream().anyMatch(filter::selects)
                    ? Optional.empty()
                    : Optional.of("no changed file matches 'paths' " + filter);
        }
        if (used(filters, Filters.Kind.PATHS_IGNORE) && !files.isEmpty()) {
            NameFilter filter = new NameFilter(filters.values(Filters.Kind.PATHS_IGNORE));
            return files.stream().allMatch(filter::selects)
                    ? Optional.of("all changed files match 'paths-ignore' " + filter)
                    : Optional.empty();
        }
        return Optional.empty();
    }

    private static Optional<String> workflowMismatch(Trigger.Event trigger, EventFacts facts) {
        String name = facts.payload().get("workflow_run").get("name").text();
        if (!trigger.event().equals("workflow_run") || name.isEmpty()) {
            return Optional.empty();
        }
        List<String> names = trigger.filters().values(Filters.Kind.WORKFLOWS);
        return names.contains(name)
                ? Optional.empty()
                : Optional.of("workflow '" + name + "' is not one of " + names);
    }

    private static boolean used(Filters filters, Filters.Kind kind) {
        return !filters.values(kind).isEmpty();
    }
}
