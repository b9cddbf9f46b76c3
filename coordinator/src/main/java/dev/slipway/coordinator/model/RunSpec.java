package dev.slipway.coordinator.model;

import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/// Everything that is needed to plan a run, for ever: what was submitted, nothing derived.
/// Immutable; maps iterate in the order of their keys.
///
/// @param project `owner/name` or a folder's name: fairness, caches and concurrency groups are per
///   project
/// @param workflow the workflow to run
/// @param calledWorkflows local reusable workflows that it may call
/// @param event what caused the run
/// @param inputs `workflow_dispatch` inputs as typed by people
/// @param vars the `vars` context
/// @param secrets ciphertext only
/// @param source what workspaces are made from
/// @param jobs only these jobs and what they need; empty means all
/// @param labelMapping jobs that say `runs-on` KEY need agent label VALUE
/// @param priority higher goes first; -100 to 100, 0 is usual
/// @param debug shows `::debug::` lines and sets `RUNNER_DEBUG`
/// @param clientToken random and unique for this submission, at most 128 characters; a retried
///   submission within 24 h makes one run
/// @param commits the latest of its history, newest first, so that deployments can say what they
///   bring; at most {@link #MAX_COMMITS}
public record RunSpec(
        String project,
        WorkflowFile workflow,
        List<WorkflowFile> calledWorkflows,
        EventFacts event,
        SortedMap<String, String> inputs,
        SortedMap<String, String> vars,
        SealedSecrets secrets,
        Source source,
        List<String> jobs,
        SortedMap<String, String> labelMapping,
        int priority,
        boolean debug,
        String clientToken,
        List<Commit> commits) {
    public static final int MAX_COMMITS = 100;

    public RunSpec {
        commits = List.copyOf(commits);
        calledWorkflows = List.copyOf(calledWorkflows);
        inputs = sorted(inputs);
        vars = sorted(vars);
        jobs = List.copyOf(jobs);
        labelMapping = sorted(labelMapping);
    }

    /// An unmodifiable copy that iterates by key.
    public static SortedMap<String, String> sorted(Map<String, String> map) {
        return java.util.Collections.unmodifiableSortedMap(new TreeMap<>(map));
    }
}
