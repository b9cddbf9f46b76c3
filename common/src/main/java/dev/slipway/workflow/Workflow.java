package dev.slipway.workflow;

import java.util.List;
import java.util.Optional;

/// One workflow file, parsed and validated. Immutable; keeps where everything was written.
///
/// A `Workflow` exists only for a file without errors: every expression is parsed, every `needs`
/// names a job, the graph has no cycle. Made by {@link WorkflowParser}.
///
/// @param path the file as the caller named it
/// @param name the `name` key
/// @param runName the `run-name` key ({@link Vocabularies#WORKFLOW})
/// @param triggers the `on` key, in file order, one per event
/// @param env a mapping ({@link Vocabularies#WORKFLOW_ENV})
/// @param defaults `defaults.run`
/// @param permissions what the token may do
/// @param concurrency string or mapping ({@link Vocabularies#WORKFLOW})
/// @param cacheMode the workflow's cache access
/// @param jobs all jobs, in file order
public record Workflow(
        String path,
        Optional<String> name,
        Optional<Computed> runName,
        List<Trigger> triggers,
        Computed env,
        Defaults defaults,
        Permissions permissions,
        Optional<Computed> concurrency,
        Optional<CacheMode> cacheMode,
        List<Job> jobs) {

    public Workflow {
        triggers = List.copyOf(triggers);
        jobs = List.copyOf(jobs);
    }

    /// What people call the workflow: its name, or its path.
    public String displayName() {
        return name.filter(text -> !text.isBlank()).orElse(path);
    }

    /// A job by its id, compared ignoring case as `needs` does.
    public Optional<Job> job(String id) {
        return jobs.stream().filter(job -> job.id().equalsIgnoreCase(id)).findFirst();
    }

    /// The trigger for an event.
    public Optional<Trigger> trigger(String event) {
        return triggers.stream().filter(trigger -> trigger.event().equals(event)).findFirst();
    }

    /// The `workflow_call` trigger: present when other workflows may call this one.
    public Optional<Trigger.Call> call() {
        return trigger("workflow_call").map(Trigger.Call.class::cast);
    }

    /// The `workflow_dispatch` trigger: present when people may start this one by hand.
    public Optional<Trigger.Dispatch> dispatch() {
        return trigger("workflow_dispatch").map(Trigger.Dispatch.class::cast);
    }
}
