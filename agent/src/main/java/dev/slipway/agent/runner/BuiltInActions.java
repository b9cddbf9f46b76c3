package dev.slipway.agent.runner;

import dev.slipway.agent.actions.ActionFailure;
import dev.slipway.agent.actions.BuiltIn;
import dev.slipway.agent.actions.ResolvedAction;
import dev.slipway.agent.runner.StepControl.Stop;
import dev.slipway.agent.runner.StepExecution.Running;
import dev.slipway.error.SlipwayException;
import dev.slipway.expression.Value;
import dev.slipway.workflow.Step;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;

/// Runs built-in actions: each stage on a thread of its own, which is interrupted when the step has
/// to stop. After a restart of the agent a stage without a result is entered again.
final class BuiltInActions {
    StepOutcome main(ResolvedAction.Own action, Step.Uses step, Running running)
            throws InterruptedException {
        var inputs = ActionInputs.of(action.builtIn().inputs(), step, running.site());
        inputs.header(step, running);
        inputs.warn(new ArrayList<>(action.builtIn().inputs().keySet()), List.of(), running);
        return stage("@main", action, inputs, running);
    }

    StepOutcome post(ResolvedAction.Own action, Step.Uses step, Running running)
            throws InterruptedException {
        boolean succeeded = running.site().jobStatus() == Conclusion.SUCCESS;
        String key = running.site().path() + "@post/if";
        boolean holds =
                running.site()
                        .job()
                        .checkpoint()
                        .record(key, Value.of(succeeded || !action.builtIn().postNeedsSuccess()))
                        .truthy();
        if (!holds) {
            return StepOutcome.SKIPPED;
        }
        var inputs = ActionInputs.of(action.builtIn().inputs(), step, running.site());
        return stage("@post", action, inputs, running);
    }

    private static StepOutcome stage(
            String stage, ResolvedAction.Own action, ActionInputs inputs, Running running)
            throws InterruptedException {
        JobRuntime job = running.site().job();
        String key = running.site().path() + stage;
        Optional<Value> done = job.checkpoint().recall(key + "/exit");
        if (done.isPresent()) {
            return StepOutcome.fromValue(done.get());
        }
        var call = new BuiltInCall(running, key, inputs);
        var body = new Body(action.builtIn(), stage.equals("@post"), call);
        Thread thread = job.machine().threads().start(action.name(), body);
        boolean failed;
        try (var _ = running.control().listen(why -> thread.interrupt())) {
            failed = body.await(running);
        } catch (InterruptedException stopped) {
            thread.interrupt();
            throw stopped;
        }
        Conclusion conclusion =
                running.control().reason() != Stop.NONE
                        ? running.control().conclusion()
                        : failed ? Conclusion.FAILURE : Conclusion.SUCCESS;
        var outcome = StepOutcome.of(conclusion, call.effects());
        job.checkpoint().record(key + "/exit", outcome.toValue());
        return outcome;
    }

    /// The stage's code and how it ended.
    private static final class Body implements Runnable {
        private final BuiltIn action;
        private final boolean post;
        private final BuiltInCall call;
        private final CountDownLatch over = new CountDownLatch(1);
        private volatile @Nullable Throwable problem;

        Body(BuiltIn action, boolean post, BuiltInCall call) {
            this.action = action;
            this.post = post;
            this.call = call;
        }

        @Override
        public void run() {
            try {
                if (post) {
                    action.post(call);
                } else {
                    action.main(call);
                }
            } catch (IOException | InterruptedException | RuntimeException failed) {
                problem = failed;
            } finally {
                over.countDown();
            }
        }

        /// Waits for the end.
        ///
        /// @return whether the stage failed
        boolean await(Running running) throws InterruptedException {
            over.await();
            Throwable failed = problem;
            switch (failed) {
                case null -> {
                    return false;
                }
                case InterruptedException stopped ->
                        running.log().say(call.key() + "/stopped", "The action was stopped.");
                case ActionFailure expected ->
                        running.log().error(call.key() + "/failed", expected.getMessage());
                case SlipwayException refused ->
                        running.log().error(call.key() + "/failed", refused.getMessage());
                case IOException io ->
                        running.log()
                                .error(
                                        call.key() + "/failed",
                                        io.getClass().getSimpleName() + ": " + io.getMessage());
                case InfrastructureException machine -> throw machine;
                default ->
                        throw new InfrastructureException(
                                "a built-in action failed unexpectedly: " + failed, failed);
            }
            return true;
        }
    }
}
