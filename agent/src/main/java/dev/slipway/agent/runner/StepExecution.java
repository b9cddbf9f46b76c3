package dev.slipway.agent.runner;

import dev.slipway.expression.ExpressionException;
import dev.slipway.workflow.Coercion;
import dev.slipway.workflow.Step;

import java.util.Optional;

/// Runs what a step says, whatever its kind, when its condition has been found to hold.
final class StepExecution {
    private final ScriptSteps scripts;
    private final ActionSteps actions;

    StepExecution() {
        this.scripts = new ScriptSteps();
        this.actions = new ActionSteps(this);
    }

    /// One step with what it runs in.
    ///
    /// @param site its expressions, its variables evaluated
    /// @param log of the job's step that it belongs to
    /// @param display what people call it
    record Running(StepSite site, StepOutput log, StepControl control, String display) {}

    ActionSteps actions() {
        return actions;
    }

    /// Runs a step; failures are outcomes.
    ///
    /// @throws InfrastructureException when the machine fails it
    StepOutcome execute(Step step, Running running) throws InterruptedException {
        StepOutcome outcome;
        try {
            outcome =
                    switch (step) {
                        case Step.Run run -> scripts.run(run, running);
                        case Step.Uses uses -> actions.main(uses, running);
                        case Step.Wait _, Step.WaitAll _, Step.Cancel _, Step.Parallel _ ->
                                throw new IllegalStateException(
                                        "background control is the job's own: " + step);
                    };
        } catch (StepFailure | ExpressionException problem) {
            running.log()
                    .error(running.site().path() + "/failed", String.valueOf(problem.getMessage()));
            outcome =
                    StepOutcome.of(
                            running.control().reason() == StepControl.Stop.NONE
                                    ? Conclusion.FAILURE
                                    : running.control().conclusion());
        }
        return forgiveIfAsked(step, running, outcome);
    }

    /// `continue-on-error` is looked at only when the step has failed.
    static StepOutcome forgiveIfAsked(Step step, Running running, StepOutcome outcome) {
        Optional<dev.slipway.workflow.Computed> asked = step.header().continueOnError();
        if (outcome.outcome() != Conclusion.FAILURE || asked.isEmpty()) {
            return outcome;
        }
        try {
            boolean forgive =
                    Coercion.bool(
                            asked.get().evaluate(running.site().scope()), "continue-on-error");
            return forgive ? outcome.forgiven() : outcome;
        } catch (ExpressionException problem) {
            running.log().error(running.site().path() + "/forgive", problem.getMessage());
            return outcome;
        }
    }

    /// Whether a step's condition holds, and why not when it cannot be told.
    ///
    /// @param problem empty unless the variables or the condition cannot be evaluated
    record Verdict(boolean holds, String problem) {}

    /// Evaluates the step's variables and condition. What was found before a restart counts.
    static Verdict judge(StepSite site) {
        String key = site.path() + "/if";
        String problem = "";
        boolean holds = true;
        try {
            site.evaluateEnv();
        } catch (ExpressionException failed) {
            problem = failed.getMessage();
        }
        var known = site.job().checkpoint().recall(key);
        if (known.isPresent()) {
            return new Verdict(known.get().get("holds").truthy(), known.get().get("why").text());
        }
        try {
            holds = site.header().condition().condition().evaluate(site.scope());
        } catch (ExpressionException failed) {
            problem = problem.isEmpty() ? failed.getMessage() : problem;
        }
        site.job().checkpoint().record(key, Values.object("holds", holds, "why", problem));
        return new Verdict(holds, problem);
    }
}
