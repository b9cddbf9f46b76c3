package dev.slipway.coordinator.model;

import java.util.Optional;

/// What a run is: the facts that never change after it was queued.
///
/// @param number farm-wide, from 1
/// @param project see {@link RunSpec#project}
/// @param workflowName the workflow's `name`, or its path
/// @param workflowPath e.g. `.github/workflows/ci.yml`
/// @param title `run-name` as evaluated, or derived
/// @param eventName e.g. `push`
/// @param ref full ref
/// @param branch see {@link EventFacts#branch}
/// @param sha commit; may be empty
/// @param actor who caused it
/// @param numberInWorkflow `github.run_number`: counts the runs of this workflow in this project
/// @param priority see {@link RunSpec#priority}
/// @param concurrency the workflow's concurrency group
public record RunHead(
        long number,
        String project,
        String workflowName,
        String workflowPath,
        String title,
        String eventName,
        String ref,
        String branch,
        String sha,
        String actor,
        long numberInWorkflow,
        int priority,
        Optional<Concurrency> concurrency) {}
