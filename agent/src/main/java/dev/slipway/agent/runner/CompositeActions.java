package dev.slipway.agent.runner;

import dev.slipway.agent.actions.ResolvedAction;
import dev.slipway.agent.runner.StepExecution.Running;
import dev.slipway.agent.runner.StepExecution.Verdict;
import dev.slipway.expression.ExpressionException;
import dev.slipway.expression.Value;
import dev.slipway.workflow.ActionManifest;
import dev.slipway.workflow.ActionManifest.Composite;
import dev.slipway.workflow.ActionRef;
import dev.slipway.workflow.Step;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// Runs composite actions: steps in a scope of their own, inside of one step of the job.
///
/// A failed step does not end the composite: later steps look at the composite's own status.
final class CompositeActions {
    private final StepExecution execution;
    private final ActionSteps actions;

    CompositeActions(StepExecution execution, ActionSteps actions) {
        this.execution = execution;
        this.actions = actions;
    }

    StepOutcome main(
            Composite composite, ResolvedAction.Described action, Step.Uses step, Running running)
            throws InterruptedException {
        StepSite site = running.site();
        if (depth(site.path()) >= ActionSteps.MAX_DEPTH) {
            throw new StepFailure(
                    "Composite actions are nested more than %d deep at '%s'."
                            .formatted(ActionSteps.MAX_DEPTH, step.uses().value().text()));
        }
        ActionInputs inputs = ActionInputs.of(action.manifest(), step, site);
        inputs.header(step, running);
        inputs.warn(
                action.manifest().inputs().stream().map(ActionManifest.Input::id).toList(),
                action.manifest().inputs(),
                running);
        Frame frame = frame(inputs, action, step, site);
        Effects effects = Effects.NONE;
        Conclusion worst = Conclusion.SUCCESS;
        for (int i = 0; i < composite.steps().size(); i++) {
            Step inner = composite.steps().get(i);
            var innerSite =
                    new StepSite(
                            site.job(),
                            site.top(),
                            frame,
                            site.around(),
                            site.path() + "/" + i,
                            inner.header());
            StepOutcome outcome = runInner(inner, innerSite, running);
            effects = effects.then(outcome.effects());
            site.around().apply(outcome.effects());
            frame.note(outcome.conclusion());
            frame.results().put(inner.header().id(), outcome);
            if (outcome.conclusion() == Conclusion.CANCELLED) {
                worst = Conclusion.CANCELLED;
            }
        }
        if (worst != Conclusion.CANCELLED) {
            worst = frame.status();
        }
        return StepOutcome.of(worst, effects.withOutputs(outputs(action, site, frame)));
    }

    private StepOutcome runInner(Step step, StepSite site, Running outer)
            throws InterruptedException {
        Checkpoint checkpoint = site.job().checkpoint();
        Optional<Value> done = checkpoint.recall(site.path() + "/done");
        if (done.isPresent()) {
            return StepOutcome.fromValue(done.get());
        }
        StepOutcome outcome;
        Verdict verdict = StepExecution.judge(site);
        if (!verdict.problem().isEmpty()) {
            outer.log().error(site.path() + "/if", verdict.problem());
            outcome = StepOutcome.of(Conclusion.FAILURE);
        } else if (!verdict.holds()) {
            outcome = StepOutcome.SKIPPED;
        } else {
            try (var control = StepControls.of(site, outer.control())) {
                outcome =
                        execution.execute(
                                step, new Running(site, outer.log(), control, outer.display()));
            }
        }
        checkpoint.record(site.path() + "/done", outcome.toValue());
        return outcome;
    }

    /// The post stages of the actions inside, last one first.
    StepOutcome post(
            Composite composite, ResolvedAction.Described action, Step.Uses step, Running running)
            throws InterruptedException {
        StepSite site = running.site();
        Frame frame = frame(ActionInputs.of(action.manifest(), step, site), action, step, site);
        for (int i = 0; i < composite.steps().size(); i++) {
            String id = composite.steps().get(i).header().id();
            site.job()
                    .checkpoint()
                    .recall(site.path() + "/" + i + "/done")
                    .ifPresent(done -> frame.results().put(id, StepOutcome.fromValue(done)));
        }
        Conclusion worst = Conclusion.SUCCESS;
        for (int i : PostStack.inner(site.job().checkpoint(), site.path())) {
            if (composite.steps().get(i) instanceof Step.Uses inner) {
                var innerSite =
                        new StepSite(
                                site.job(),
                                site.top(),
                                frame,
                                site.around(),
                                site.path() + "/" + i,
                                inner.header());
                worst = worse(worst, postInner(inner, innerSite, running).conclusion());
            }
        }
        return StepOutcome.of(worst);
    }

    private StepOutcome postInner(Step.Uses step, StepSite site, Running outer)
            throws InterruptedException {
        try {
            site.evaluateEnv();
            return actions.post(
                    step, new Running(site, outer.log(), outer.control(), outer.display()));
        } catch (StepFailure | ExpressionException problem) {
            outer.log().error(site.path() + "@post/failed", String.valueOf(problem.getMessage()));
            return StepOutcome.of(Conclusion.FAILURE);
        }
    }

    private static Conclusion worse(Conclusion first, Conclusion second) {
        return first == Conclusion.FAILURE || second == Conclusion.FAILURE
                ? Conclusion.FAILURE
                : first == Conclusion.CANCELLED || second == Conclusion.CANCELLED
                        ? Conclusion.CANCELLED
                        : first;
    }

    private static Frame frame(
            ActionInputs inputs, ResolvedAction.Described action, Step.Uses step, StepSite site) {
        boolean ofSelf = step.uses().value() instanceof ActionRef.Self;
        return Frame.ofComposite(
                site.envForInside(),
                Values.ofStrings(inputs.values()),
                Map.of("action_path", action.folder().toString()),
                ofSelf ? site.frame().selfRoot() : Optional.of(site.job().folders().workspace()));
    }

    private static Map<String, String> outputs(
            ResolvedAction.Described action, StepSite site, Frame frame) {
        var inside =
                new StepSite(
                        site.job(), site.top(), frame, site.around(), site.path(), site.header());
        var outputs = new LinkedHashMap<String, String>();
        for (ActionManifest.Output output : action.manifest().outputs()) {
            output.value()
                    .ifPresent(
                            value ->
                                    outputs.put(
                                            output.id(), value.evaluate(inside.scope()).text()));
        }
        return outputs;
    }

    private static int depth(String path) {
        return (int) path.chars().filter(c -> c == '/').count();
    }
}
