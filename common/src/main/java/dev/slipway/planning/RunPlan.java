package dev.slipway.planning;

import dev.slipway.expression.ExpressionException;
import dev.slipway.expression.Value;
import dev.slipway.workflow.Job;
import dev.slipway.workflow.Problem;
import dev.slipway.workflow.Suggest;
import dev.slipway.workflow.Workflow;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// What a run consists of, and what becomes of each job as its needs finish.
///
/// How the engine uses it:
/// 1. {@link #load} parses the workflow and every local workflow that it calls. Problems that are
///    errors, or any of {@link #unsupported}, refuse the run.
/// 2. {@link #nodes} are the run's jobs. A node is ready when its `needs` have results and, inside
///    a called workflow, its `parent` call has been decided as {@link JobDecision.Call}.
/// 3. {@link #decide} says what a ready node becomes: skipped, failed, legs to run, or a call whose
///    nodes join the run (those of a call without a matrix are in {@link #nodes} already).
/// 4. When all legs of a node are done, {@link JobResults#ofLegs} makes its result; when all nodes
///    of a call are done, {@link #finishCall} does.
///
/// A plan holds no state of the run: everything that changes comes through {@link RunView}, so the
/// same plan can be made again from the same files after a restart. Pure and thread-safe.
public final class RunPlan {

    private final Map<String, Workflow> workflows;
    private final PlanTree tree;
    private final JobExpansion expansion;

    private RunPlan(Map<String, Workflow> workflows, Set<String> wanted) {
        this.workflows = workflows;
        this.tree = new PlanTree(workflows, wanted);
        this.expansion = new JobExpansion(tree);
    }

    /// What {@link #load} gives.
    ///
    /// @param plan present exactly when no problem is an error
    /// @param problems of all files
    public record Loaded(Optional<RunPlan> plan, List<Problem> problems) {
        public Loaded {
            problems = List.copyOf(problems);
        }
    }

    /// Reads a workflow, and the workflows of the same repository that it calls.
    ///
    /// @param path relative to the repository's root
    /// @param bytes the file
    /// @param source the other files of the commit
    public static Loaded load(String path, byte[] bytes, WorkflowSource source) {
        WorkflowSet.Loaded loaded = WorkflowSet.load(path, bytes, source);
        return new Loaded(
                loaded.workflows().isEmpty()
                        ? Optional.empty()
                        : Optional.of(new RunPlan(loaded.workflows(), Set.of())),
                loaded.problems());
    }

    /// The same plan with only these jobs of the run's own workflow, and what they need.
    ///
    /// @param jobIds compared ignoring case
    /// @throws IllegalArgumentException when a job does not exist
    public RunPlan restrictedTo(Set<String> jobIds) {
        for (String id : jobIds) {
            if (workflow().job(id).isEmpty()) {
                throw new IllegalArgumentException(
                        "'"
                                + workflow().path()
                                + "' has no job '"
                                + id
                                + "'"
                                + Suggest.hint(
                                        id, workflow().jobs().stream().map(Job::id).toList()));
            }
        }
        return new RunPlan(workflows, jobIds);
    }

    /// The run's own workflow.
    public Workflow workflow() {
        return tree.root().workflow();
    }

    /// All files of the run, its own first.
    public Collection<Workflow> workflows() {
        return workflows.values();
    }

    /// What this version cannot run: a run which needs it must be refused with these problems.
    public List<Problem> unsupported() {
        List<Problem> problems = new ArrayList<>();
        for (Workflow workflow : workflows.values()) {
            problems.addAll(Unsupported.check(workflow));
            problems.addAll(Unsupported.doubleConcurrency(workflow, workflows));
        }
        return problems;
    }

    /// The jobs of the run's own workflow, each followed by those of the workflow it calls without
    /// a matrix. In file order.
    public List<JobNode> nodes() {
        return tree.nodes();
    }

    /// The job that a node's or leg's key means.
    ///
    /// @throws IllegalArgumentException when the run has no such key
    public Job job(String key) {
        return tree.resolve(key).job();
    }

    /// The workflow that defines the job of a key.
    ///
    /// @throws IllegalArgumentException when the run has no such key
    public Workflow workflowOf(String key) {
        return tree.resolve(key).instance().workflow();
    }

    /// What people call the run: `run-name` evaluated, or nothing when it is not written or empty.
    ///
    /// @throws ExpressionException when it cannot be evaluated
    public Optional<String> runName(RunView view) {
        return workflow()
                .runName()
                .map(name -> name.evaluate(workflowScope(view)).text().strip())
                .filter(text -> !text.isEmpty());
    }

    /// The group that the whole run must hold.
    ///
    /// @throws ExpressionException when it cannot be evaluated
    public Optional<ConcurrencyGroup> concurrency(RunView view) {
        return workflow()
                .concurrency()
                .map(value -> ConcurrencyGroup.of(value.evaluate(workflowScope(view))));
    }

    private static PlanScope workflowScope(RunView view) {
        Map<String, Value> contexts = new LinkedHashMap<>();
        contexts.put("github", view.github());
        contexts.put("vars", view.vars());
        contexts.put("inputs", view.inputs());
        return new PlanScope(contexts, PlanScope.Status.NONE);
    }

    /// What becomes of a node whose needs are all done.
    ///
    /// @param nodeKey a {@link JobNode#key}
    /// @param view must have the results of everything that the node needs, directly or not
    /// @throws IllegalArgumentException when the run has no such node
    public JobDecision decide(String nodeKey, RunView view) {
        return expansion.decide(tree.resolve(nodeKey), view);
    }

    /// What a node becomes if its condition holds: for dry runs, and for looking again at a node
    /// that has been decided.
    ///
    /// @param nodeKey a {@link JobNode#key}
    /// @throws IllegalArgumentException when the run has no such node
    public JobDecision expand(String nodeKey, RunView view) {
        return expansion.expand(tree.resolve(nodeKey), view);
    }

    /// One leg of a job that was decided as {@link JobDecision.Run}, whatever its condition would
    /// say by now. Costs no more with many legs.
    ///
    /// @param legKey a {@link JobLeg#key}
    /// @throws IllegalArgumentException when the run has no such leg
    /// @throws ExpressionException when the leg cannot be evaluated any more
    public JobLeg leg(String legKey, RunView view) {
        return expansion.leg(tree.resolve(legKey), view);
    }

    PlanTree tree() {
        return tree;
    }

    /// The result of a call whose nodes are all done: failure if one failed, else cancelled if one
    /// was, else skipped if all were, else success; with the called workflow's outputs.
    ///
    /// @param nodeKey a call that was decided as {@link JobDecision.Call}
    /// @param view must have the results of all its nodes
    public CallOutcome finishCall(String nodeKey, RunView view) {
        return new CallCompletion(tree, expansion).finish(tree.resolve(nodeKey), view);
    }

    /// The secrets that a job sees: the run's own, or inside called workflows those that the calls
    /// pass on.
    ///
    /// @param key a node or leg
    /// @param runSecrets names to values
    /// @throws ExpressionException when a `secrets` mapping cannot be evaluated
    public Map<String, String> secrets(String key, RunView view, Map<String, String> runSecrets) {
        return expansion.secrets(tree.resolve(key).instance(), view, runSecrets);
    }
}
