package dev.slipway.planning;

import dev.slipway.workflow.CallCheck;
import dev.slipway.workflow.CallJob;
import dev.slipway.workflow.Job;
import dev.slipway.workflow.ParsedWorkflow;
import dev.slipway.workflow.Permissions;
import dev.slipway.workflow.Problem;
import dev.slipway.workflow.Workflow;
import dev.slipway.workflow.WorkflowParser;
import dev.slipway.workflow.WorkflowRef;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A workflow and every local workflow that it calls, parsed and checked against each other.
final class WorkflowSet {

    /// How deep calls may go below the run's own workflow; GitHub's documented limit.
    static final int MAX_LEVELS = 4;

    /// How many files a run may have; GitHub's limit (one caller and fifty called).
    static final int MAX_FILES = 51;

    private final WorkflowSource source;
    private final Map<String, Optional<Workflow>> loaded = new LinkedHashMap<>();
    private final List<Problem> problems = new ArrayList<>();

    private WorkflowSet(WorkflowSource source) {
        this.source = source;
    }

    /// What loading gave.
    ///
    /// @param workflows path to workflow, the run's own first; empty when there are errors
    record Loaded(Map<String, Workflow> workflows, List<Problem> problems) {}

    static Loaded load(String path, byte[] bytes, WorkflowSource source) {
        WorkflowSet set = new WorkflowSet(source);
        set.parse(path, bytes)
                .ifPresent(root -> set.follow(root, List.of(path), Permissions.UNSPECIFIED));
        Map<String, Workflow> workflows = new LinkedHashMap<>();
        if (set.problems.stream().noneMatch(Problem::isError)) {
            set.loaded.forEach(
                    (key, workflow) -> workflow.ifPresent(value -> workflows.put(key, value)));
        }
        return new Loaded(workflows, List.copyOf(set.problems));
    }

    private Optional<Workflow> parse(String path, byte[] bytes) {
        ParsedWorkflow parsed = WorkflowParser.parse(path, bytes);
        problems.addAll(parsed.problems());
        parsed.workflow().ifPresent(workflow -> addNew(MatrixCheck.check(workflow)));
        loaded.put(path, parsed.workflow());
        return parsed.workflow();
    }

    private void follow(Workflow caller, List<String> chain, Permissions above) {
        for (Job job : caller.jobs()) {
            if (job instanceof CallJob call
                    && call.uses().value() instanceof WorkflowRef.Local ref) {
                callee(caller, call, ref, chain)
                        .ifPresent(
                                callee -> {
                                    addNew(CallCheck.check(caller, call, callee, above));
                                    List<String> longer = new ArrayList<>(chain);
                                    longer.add(ref.path());
                                    follow(callee, longer, CallCheck.allowed(caller, call, above));
                                });
            }
        }
    }

    private Optional<Workflow> callee(
            Workflow caller, CallJob call, WorkflowRef.Local ref, List<String> chain) {
        if (chain.contains(ref.path())) {
            error(
                    caller,
                    call,
                    "workflows call each other in a circle: "
                            + String.join(" calls ", chain)
                            + " calls "
                            + ref.path());
            return Optional.empty();
        }
        if (chain.size() > MAX_LEVELS) {
            error(
                    caller,
                    call,
                    "calls of workflows go deeper than "
                            + MAX_LEVELS
                            + " levels: "
                            + String.join(" calls ", chain)
                            + " calls "
                            + ref.path());
            return Optional.empty();
        }
        Optional<Workflow> known = loaded.get(ref.path());
        if (known != null) {
            return known;
        }
        if (loaded.size() >= MAX_FILES) {
            error(caller, call, "the run would have more than " + MAX_FILES + " workflow files");
            return Optional.empty();
        }
        Optional<byte[]> bytes = source.read(ref.path());
        if (bytes.isEmpty()) {
            error(
                    caller,
                    call,
                    "the workflow '" + ref.path() + "' does not exist in this repository");
            return Optional.empty();
        }
        return parse(ref.path(), bytes.get());
    }

    private void error(Workflow caller, CallJob call, String message) {
        addNew(List.of(Problem.error(caller.path(), call.uses().position(), message)));
    }

    /// A workflow that is called twice is followed twice; its problems are said once.
    private void addNew(List<Problem> found) {
        for (Problem problem : found) {
            if (!problems.contains(problem)) {
                problems.add(problem);
            }
        }
    }
}
