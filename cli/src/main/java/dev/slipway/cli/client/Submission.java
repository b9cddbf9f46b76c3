package dev.slipway.cli.client;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Map;

/// One run to be queued.
///
/// @param token random and unique for this submission: a retry with it makes no second run
/// @param called local reusable workflows that it may call
/// @param bundle the packed working tree, already in the farm
/// @param options how to run it
/// @param commits the latest of the history, newest first
public record Submission(
        String token,
        String project,
        WorkflowText workflow,
        List<WorkflowText> called,
        Event event,
        BlobRef bundle,
        Options options,
        List<CommitInfo> commits) {
    /// What happened, in GitHub's words.
    ///
    /// @param json the payload, a JSON object
    /// @param changedPaths null when unknown
    public record Event(
            String name,
            String json,
            String ref,
            String sha,
            String baseRef,
            String headRef,
            String defaultBranch,
            String actor,
            @Nullable List<String> changedPaths) {}

    /// What the person who submits may choose.
    ///
    /// @param jobs only these and what they need; empty means all
    /// @param labels jobs that say `runs-on` KEY need agent label VALUE
    public record Options(
            Map<String, String> inputs,
            Map<String, String> vars,
            Map<String, String> secrets,
            List<String> jobs,
            Map<String, String> labels,
            int priority,
            boolean debug) {}
}
