package dev.slipway.planning;

import dev.slipway.workflow.CallJob;
import dev.slipway.workflow.Computed;
import dev.slipway.workflow.Job;
import dev.slipway.workflow.Workflow;
import dev.slipway.workflow.WorkflowRef;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// The static shape of a run: which workflow instance and job a key means. Immutable.
final class PlanTree {

    /// One use of a workflow in the run.
    ///
    /// @param prefix what the keys of its jobs start with: empty, `caller.` or `caller.2.`
    /// @param parent the call that made it; absent for the run's own workflow
    record Instance(String prefix, Workflow workflow, JobGraph graph, Optional<Call> parent) {}

    /// A call that made an instance.
    ///
    /// @param index the leg of the calling job
    record Call(Instance instance, CallJob job, int index) {}

    /// What a key means.
    ///
    /// @param index the leg, when the key names one; otherwise 0
    record Place(Instance instance, Job job, int index) {
        String nodeKey() {
            return instance.prefix() + job.id();
        }
    }

    private final Map<String, Workflow> workflows;
    private final Map<String, JobGraph> graphs = new HashMap<>();
    private final Instance root;
    private final Set<String> rootJobs;

    /// @param wanted ids of the root's jobs to keep, with what they need; empty keeps all
    PlanTree(Map<String, Workflow> workflows, Set<String> wanted) {
        this.workflows = workflows;
        workflows.forEach((path, workflow) -> graphs.put(path, JobGraph.of(workflow)));
        Workflow first = workflows.values().iterator().next();
        this.root = new Instance("", first, graph(first), Optional.empty());
        this.rootJobs = new HashSet<>();
        for (Job job : first.jobs()) {
            if (wanted.isEmpty() || wanted.stream().anyMatch(job.id()::equalsIgnoreCase)) {
                rootJobs.add(job.id());
                rootJobs.addAll(root.graph().ancestors(job.id()));
            }
        }
    }

    Instance root() {
        return root;
    }

    private JobGraph graph(Workflow workflow) {
        return graphs.computeIfAbsent(workflow.path(), path -> JobGraph.of(workflow));
    }

    /// The nodes of the run's own workflow and of all calls without a matrix, in plan order.
    List<JobNode> nodes() {
        List<JobNode> nodes = new ArrayList<>();
        for (Job job : root.workflow().jobs()) {
            if (rootJobs.contains(job.id())) {
                addNode(root, job, "", nodes);
            }
        }
        return nodes;
    }

    /// The nodes of one instance and of all calls without a matrix below it.
    ///
    /// @param name what people see of the call that made the instance
    List<JobNode> nodes(Instance instance, String name) {
        List<JobNode> nodes = new ArrayList<>();
        instance.workflow().jobs().forEach(job -> addNode(instance, job, name, nodes));
        return nodes;
    }

    private void addNode(Instance instance, Job job, String callName, List<JobNode> nodes) {
        String key = instance.prefix() + job.id();
        String own =
                job.name()
                        .filter(Computed::isLiteral)
                        .map(name -> name.literal().text())
                        .filter(text -> !text.isBlank())
                        .orElse(job.id());
        String name = callName.isEmpty() ? own : JobNaming.called(callName, own);
        nodes.add(
                new JobNode(
                        key,
                        job.id(),
                        name,
                        instance.workflow().path(),
                        instance.graph().needs(job.id()).stream()
                                .map(id -> instance.prefix() + id)
                                .toList(),
                        instance.parent()
                                .map(
                                        parent ->
                                                instance.prefix()
                                                        .substring(
                                                                0, instance.prefix().length() - 1)),
                        job instanceof CallJob));
        if (job instanceof CallJob call && job.strategy().isEmpty()) {
            child(instance, call, 0)
                    .ifPresent(
                            child ->
                                    child.workflow()
                                            .jobs()
                                            .forEach(inner -> addNode(child, inner, name, nodes)));
        }
    }

    /// The instance that a call makes; nothing when the workflow is not of this repository.
    ///
    /// Any strategy, even without a matrix, gives the call's legs keys with an index.
    Optional<Instance> child(Instance instance, CallJob job, int index) {
        if (!(job.uses().value() instanceof WorkflowRef.Local ref)) {
            return Optional.empty();
        }
        Workflow callee = workflows.get(ref.path());
        if (callee == null) {
            return Optional.empty();
        }
        String prefix = legKey(instance, job, index) + ".";
        return Optional.of(
                new Instance(
                        prefix,
                        callee,
                        graph(callee),
                        Optional.of(new Call(instance, job, index))));
    }

    /// The key of a leg: the node's own key unless the job has a strategy.
    static String legKey(Instance instance, Job job, int index) {
        String key = instance.prefix() + job.id();
        return job.strategy().isEmpty() ? key : key + "." + index;
    }

    /// What a node's or leg's key means.
    ///
    /// @throws IllegalArgumentException when the run has no such key
    Place resolve(String key) {
        String[] segments = key.split("\\.", -1);
        Instance instance = root;
        int at = 0;
        while (true) {
            String id = segments[at++];
            Instance here = instance;
            Job job =
                    here.workflow().jobs().stream()
                            .filter(candidate -> candidate.id().equals(id))
                            .findFirst()
                            .orElseThrow(() -> unknown(key));
            int index = 0;
            if (at < segments.length && isNumber(segments[at])) {
                index = Integer.parseInt(segments[at++]);
            }
            if (at == segments.length) {
                return new Place(here, job, index);
            }
            if (!(job instanceof CallJob call)) {
                throw unknown(key);
            }
            instance = child(here, call, index).orElseThrow(() -> unknown(key));
        }
    }

    private static boolean isNumber(String text) {
        return !text.isEmpty()
                && text.length() <= 9
                && text.chars().allMatch(c -> c >= '0' && c <= '9');
    }

    private static IllegalArgumentException unknown(String key) {
        return new IllegalArgumentException("the run has no job '" + key + "'");
    }
}
