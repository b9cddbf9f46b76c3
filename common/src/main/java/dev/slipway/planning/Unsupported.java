package dev.slipway.planning;

import dev.slipway.workflow.ActionRef;
import dev.slipway.workflow.CallJob;
import dev.slipway.workflow.Job;
import dev.slipway.workflow.Position;
import dev.slipway.workflow.Problem;
import dev.slipway.workflow.Step;
import dev.slipway.workflow.StepsJob;
import dev.slipway.workflow.Workflow;
import dev.slipway.workflow.WorkflowRef;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Finds what a workflow needs and this version cannot run, so that the run is refused instead of
/// silently doing less than it says.
public final class Unsupported {

    /// The actions that agents have built in, by their names in lower case.
    public static final Set<String> BUILT_IN =
            Set.of(
                    "actions/checkout",
                    "actions/upload-artifact",
                    "actions/download-artifact",
                    "actions/cache",
                    "actions/cache/restore",
                    "actions/cache/save",
                    "slipway/deploy",
                    "slipway/image",
                    "slackapi/slack-github-action",
                    "slipway/notify",
                    "slipway/test-report");

    private final Workflow workflow;
    private final List<Problem> problems = new ArrayList<>();

    private Unsupported(Workflow workflow) {
        this.workflow = workflow;
    }

    /// One error per place that needs something missing.
    public static List<Problem> check(Workflow workflow) {
        Unsupported check = new Unsupported(workflow);
        workflow.jobs().forEach(check::job);
        return List.copyOf(check.problems);
    }

    /// Calls that would have to hold two concurrency groups: the calling job's and the called
    /// workflow's.
    ///
    /// @param others the run's workflows by path
    static List<Problem> doubleConcurrency(Workflow workflow, Map<String, Workflow> others) {
        Unsupported check = new Unsupported(workflow);
        for (Job job : workflow.jobs()) {
            if (job instanceof CallJob call
                    && job.concurrency().isPresent()
                    && call.uses().value() instanceof WorkflowRef.Local local) {
                Workflow callee = others.get(local.path());
                if (callee != null && callee.concurrency().isPresent()) {
                    check.error(
                            job.concurrency().get().position(),
                            "job '"
                                    + job.id()
                                    + "' has 'concurrency' and so has '"
                                    + callee.path()
                                    + "', which it calls: holding both groups is not supported yet;"
                                    + " keep one of them");
                }
            }
        }
        return List.copyOf(check.problems);
    }

    private void job(Job job) {
        switch (job) {
            case CallJob call -> {
                if (call.uses().value() instanceof WorkflowRef.Remote remote) {
                    error(
                            call.uses().position(),
                            "job '"
                                    + job.id()
                                    + "' calls '"
                                    + remote.text()
                                    + "': workflows of other repositories cannot be called yet;"
                                    + " copy the file into this repository's .github/workflows");
                }
            }
            case StepsJob steps -> {
                steps.snapshot()
                        .ifPresent(
                                snapshot ->
                                        error(
                                                snapshot.position(),
                                                "job '"
                                                        + job.id()
                                                        + "' makes a custom image"
                                                        + " ('snapshot'), which is not supported"));
                steps.steps().forEach(this::step);
            }
        }
    }

    private void step(Step step) {
        switch (step) {
            case Step.Uses uses -> action(uses);
            case Step.Parallel parallel -> parallel.steps().forEach(this::step);
            case Step.Run _, Step.Wait _, Step.WaitAll _, Step.Cancel _ -> {
                // Agents run all of these.
            }
        }
    }

    private void action(Step.Uses step) {
        Position at = step.uses().position();
        switch (step.uses().value()) {
            case ActionRef.Repository remote -> {
                if (!isBuiltIn(remote)) {
                    error(
                            at,
                            "the action '"
                                    + remote.text()
                                    + "' is not built in, and actions of"
                                    + " other repositories cannot be fetched yet; built in are "
                                    + String.join(", ", BUILT_IN.stream().sorted().toList()));
                }
            }
            case ActionRef.Local _, ActionRef.Self _, ActionRef.Docker _ -> {
                // Read from the repository, or pulled, when the job runs.
            }
        }
    }

    /// Whether agents have an action built in.
    public static boolean isBuiltIn(ActionRef.Repository action) {
        return BUILT_IN.contains(action.fullName());
    }

    private void error(Position at, String message) {
        problems.add(Problem.error(workflow.path(), at, message));
    }
}
