package dev.slipway.agent.runner;

import dev.slipway.agent.runner.AttemptView.Cause;
import dev.slipway.agent.runner.AttemptView.Phase;
import dev.slipway.agent.runner.AttemptView.Result;
import dev.slipway.expression.ExpressionException;
import dev.slipway.expression.Value;
import dev.slipway.workflow.ActionRef;
import dev.slipway.workflow.Defaults;
import dev.slipway.workflow.Step;
import dev.slipway.workflow.StepsJob;
import dev.slipway.workflow.Workflow;

import java.io.IOException;
import java.util.List;
import java.util.Map;

/// A job from its set-up to its result, as straight code.
///
/// It runs again from its start when the agent was restarted: everything that was decided or has
/// happened comes from the checkpoint, so it goes on where it was (see {@link Checkpoint}).
///
/// Set up job → `pre` stages → steps → wait for background steps → `post` stages, last one first →
/// Complete job.
final class JobProgram {
    private final JobRuntime job;
    private final Workflow workflow;
    private final StepsJob definition;
    private final JobSteps steps;
    private final ContainerSetUp containers;

    JobProgram(JobRuntime job, Workflow workflow, StepsJob definition) {
        this.job = job;
        this.workflow = workflow;
        this.definition = definition;
        this.steps =
                new JobSteps(
                        job,
                        new Defaults(
                                definition.defaults().shell().or(workflow.defaults()::shell),
                                definition
                                        .defaults()
                                        .workingDirectory()
                                        .or(workflow.defaults()::workingDirectory)));
        this.containers = new ContainerSetUp(job, definition, steps);
    }

    /// @throws InfrastructureException when the machine fails the job
    Result run() throws InterruptedException {
        job.state().enter(Phase.PREPARING);
        boolean prepared = setUp();
        job.state().enter(Phase.RUNNING);
        if (prepared) {
            runPres();
            List<Step> main = definition.steps();
            for (int i = 0; i < main.size(); i++) {
                steps.run("main/" + i, main.get(i));
            }
            steps.waitForBackground();
        }
        job.state().enter(Phase.ENDING);
        runPosts();
        stopContainers();
        return complete();
    }

    /// @return false when the job cannot be set up, so that no step runs
    private boolean setUp() throws InterruptedException {
        var setUp = new JobSetUp(job, workflow, definition, steps);
        try {
            return steps.internal("setup", "Set up job", log -> setUp.run(log))
                    && setUp.define()
                    && initializeContainers();
        } catch (IOException problem) {
            throw new InfrastructureException(
                    "cannot set up the job's folders: " + problem.getMessage(), problem);
        }
    }

    /// @return false when a container is at fault, so that no step runs
    private boolean initializeContainers() throws IOException, InterruptedException {
        if (!hasContainers()) {
            return true;
        }
        if (job.checkpoint().recall("begin-containers").isPresent()) {
            containers.watchAgain();
        }
        job.checkpoint().record("begin-containers", Value.of(true));
        return steps.internal("containers", "Initialize containers", containers::initialize);
    }

    /// What cannot be evaluated is said by the step that makes the containers.
    private boolean hasContainers() {
        try {
            return containers.isNeeded();
        } catch (ExpressionException | StepFailure unclear) {
            return true;
        }
    }

    private void stopContainers() throws InterruptedException {
        if (job.checkpoint().recall("begin-containers").isEmpty()) {
            return;
        }
        try {
            steps.internal("containers@stop", "Stop containers", containers::stop);
        } catch (IOException problem) {
            throw new InfrastructureException(
                    "cannot stop the job's containers: " + problem.getMessage(), problem);
        }
    }

    /// `$/` actions are known before the job's steps run, so they may have a pre stage.
    private void runPres() throws InterruptedException {
        for (int i = 0; i < definition.steps().size(); i++) {
            if (definition.steps().get(i) instanceof Step.Uses uses
                    && uses.uses().value() instanceof ActionRef.Self) {
                steps.pre("main/" + i, uses);
            }
        }
    }

    private void runPosts() throws InterruptedException {
        for (int i : PostStack.ofJob(job.checkpoint())) {
            String path = "main/" + i;
            if (definition.steps().get(i) instanceof Step.Parallel group) {
                for (int inner : PostStack.inner(job.checkpoint(), path)) {
                    post(path + "/" + inner, group.steps().get(inner));
                }
            } else {
                post(path, definition.steps().get(i));
            }
        }
    }

    private void post(String path, Step step) throws InterruptedException {
        if (step instanceof Step.Uses uses) {
            steps.post(path, uses);
        }
    }

    private Result complete() throws InterruptedException {
        var completion = new JobCompletion(job, definition, steps);
        try {
            steps.internal("complete", "Complete job", completion::run);
        } catch (IOException problem) {
            throw new InfrastructureException(
                    "cannot complete the job: " + problem.getMessage(), problem);
        }
        Conclusion conclusion = steps.conclusion();
        tellOfCluster(conclusion);
        Map<String, String> outputs = completion.outputs();
        return new Result(
                conclusion,
                cause(conclusion),
                detail(conclusion),
                outputs,
                completion.environmentUrl(),
                job.machine().clock().now(),
                job.logs().incompleteCause());
    }

    private void tellOfCluster(Conclusion conclusion) throws InterruptedException {
        try {
            new ClusterWatch(job).finish(conclusion);
        } catch (IOException problem) {
            throw new InfrastructureException(
                    "cannot record the deployment: " + problem.getMessage(), problem);
        }
    }

    private static Cause cause(Conclusion conclusion) {
        return switch (conclusion) {
            case SUCCESS, SKIPPED -> Cause.SUCCESS;
            case FAILURE -> Cause.USER_FAILURE;
            case CANCELLED -> Cause.CANCELLED;
            case TIMED_OUT -> Cause.TIMEOUT;
        };
    }

    private String detail(Conclusion conclusion) {
        return switch (conclusion) {
            case SUCCESS, SKIPPED -> "";
            case FAILURE -> steps.firstFailure();
            case CANCELLED, TIMED_OUT -> job.cancel().reason();
        };
    }
}
