package dev.slipway.workflow;

import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/// The events that `on` knows, with the filters and activity types of each.
///
/// Names and filters are from GitHub's language services (`workflow-v1.0.json`), the activity types
/// from its page of events.
public final class Events {

    /// The types of an event that starts runs for only some of them by default.
    private static final List<String> PULL_REQUEST_DEFAULTS =
            List.of("opened", "synchronize", "reopened");

    private static final Map<String, Definition> ALL = new TreeMap<>();

    static {
        define("branch_protection_rule", types("created edited deleted"));
        define("check_run", types("created rerequested completed requested_action"));
        define("check_suite", types("completed requested rerequested"));
        define("create", types(""));
        define("delete", types(""));
        define("deployment", types(""));
        define("deployment_status", types(""));
        define(
                "discussion",
                types(
                        "created edited deleted transferred pinned unpinned labeled unlabeled"
                                + " locked unlocked category_changed answered unanswered closed"
                                + " reopened"));
        define("discussion_comment", types("created edited deleted"));
        define("fork", types(""));
        define("gollum", types(""));
        define(
                "image_version",
                types("created ready deleted"),
                Filters.Kind.NAMES,
                Filters.Kind.VERSIONS);
        define("issue_comment", types("created edited deleted"));
        define(
                "issues",
                types(
                        "opened edited deleted transferred pinned unpinned closed reopened assigned"
                                + " unassigned labeled unlabeled locked unlocked milestoned"
                                + " demilestoned typed untyped field_added field_removed"));
        define("label", types("created edited deleted"));
        define(
                "merge_group",
                types("checks_requested destroyed"),
                Filters.Kind.BRANCHES,
                Filters.Kind.BRANCHES_IGNORE);
        define("milestone", types("created closed opened edited deleted"));
        define("page_build", types(""));
        define("project", types("created closed reopened edited deleted"));
        define("project_card", types("created moved converted edited deleted"));
        define("project_column", types("created updated moved deleted"));
        define("public", types(""));
        Set<String> pullRequest =
                types(
                        "assigned unassigned labeled unlabeled opened edited closed reopened"
                            + " synchronize converted_to_draft locked unlocked enqueued dequeued"
                            + " milestoned demilestoned ready_for_review review_requested"
                            + " review_request_removed auto_merge_enabled auto_merge_disabled");
        define("pull_request", pullRequest, branchesAndPaths());
        define("pull_request_target", pullRequest, branchesAndPaths());
        define("pull_request_comment", types("created edited deleted"));
        define("pull_request_review", types("submitted edited dismissed"));
        define("pull_request_review_comment", types("created edited deleted"));
        define(
                "push",
                types(""),
                Filters.Kind.BRANCHES,
                Filters.Kind.BRANCHES_IGNORE,
                Filters.Kind.TAGS,
                Filters.Kind.TAGS_IGNORE,
                Filters.Kind.PATHS,
                Filters.Kind.PATHS_IGNORE);
        define("registry_package", types("published updated"));
        define(
                "release",
                types("published unpublished created edited deleted prereleased" + " released"));
        define("repository_dispatch", Set.of("*"));
        define("schedule", types(""));
        define("status", types(""));
        define("watch", types("started"));
        define("workflow_call", types(""));
        define("workflow_dispatch", types(""));
        define(
                "workflow_run",
                types("completed requested in_progress"),
                Filters.Kind.WORKFLOWS,
                Filters.Kind.BRANCHES,
                Filters.Kind.BRANCHES_IGNORE);
    }

    private Events() {}

    /// What an event takes.
    ///
    /// @param types its activity types; `*` when the sender invents them; empty when it has none
    /// @param filters the filter keys it takes
    record Definition(Set<String> types, Set<Filters.Kind> filters) {}

    /// All event names, sorted.
    public static Set<String> names() {
        return ALL.keySet();
    }

    /// Whether GitHub has this event.
    public static boolean exists(String event) {
        return ALL.containsKey(event);
    }

    /// The activity types that start a run when the workflow names none; empty means all.
    public static List<String> defaultTypes(String event) {
        return switch (event.toLowerCase(Locale.ROOT)) {
            case "pull_request", "pull_request_target" -> PULL_REQUEST_DEFAULTS;
            default -> List.of();
        };
    }

    static Definition definition(String event) {
        Definition definition = ALL.get(event);
        if (definition == null) {
            throw new IllegalArgumentException("no such event: " + event);
        }
        return definition;
    }

    private static void define(String event, Set<String> types, Filters.Kind... filters) {
        Set<Filters.Kind> kinds = EnumSet.noneOf(Filters.Kind.class);
        kinds.addAll(List.of(filters));
        if (!types.isEmpty()) {
            kinds.add(Filters.Kind.TYPES);
        }
        ALL.put(event, new Definition(types, kinds));
    }

    private static Set<String> types(String words) {
        return words.isEmpty() ? Set.of() : Set.of(words.split(" "));
    }

    private static Filters.Kind[] branchesAndPaths() {
        return new Filters.Kind[] {
            Filters.Kind.BRANCHES,
            Filters.Kind.BRANCHES_IGNORE,
            Filters.Kind.PATHS,
            Filters.Kind.PATHS_IGNORE
        };
    }
}
