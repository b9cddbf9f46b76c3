package dev.slipway.planning;

import dev.slipway.expression.ExpressionException;
import dev.slipway.expression.Scope;
import dev.slipway.expression.Value;
import dev.slipway.workflow.Coercion;
import dev.slipway.workflow.Computed;
import dev.slipway.workflow.EnvironmentSpec;
import dev.slipway.workflow.StepsJob;

import java.time.Duration;
import java.util.Optional;

/// Evaluates the keys of a job that are needed before an agent takes one of its legs.
final class LegBuilder {

    private static final double DEFAULT_TIMEOUT_MINUTES = 360;
    private static final double DEFAULT_CANCEL_MINUTES = 5;

    private LegBuilder() {}

    /// @param scope the job's, without a matrix
    /// @param callName what people see of the call around the job; empty without one
    /// @throws ExpressionException when a key cannot be evaluated or has the wrong type
    static JobLeg build(
            PlanTree.Instance instance,
            StepsJob job,
            StrategyPlan strategy,
            int index,
            PlanScope scope,
            String callName) {
        PlanScope leg = strategy.scope(scope, index);
        return new JobLeg(
                PlanTree.legKey(instance, job, index),
                instance.prefix() + job.id(),
                job.id(),
                index,
                JobNaming.of(job, strategy.nameParts(index), leg, callName),
                instance.workflow().path(),
                strategy.matrix(index),
                strategy.context(index),
                scope.context("needs"),
                scope.context("inputs"),
                runsOn(job, leg),
                job.environment().flatMap(environment -> target(environment, leg)),
                job.concurrency().map(value -> ConcurrencyGroup.of(value.evaluate(leg))),
                minutes(job.timeoutMinutes(), leg, "timeout-minutes", DEFAULT_TIMEOUT_MINUTES),
                minutes(
                        job.cancelTimeoutMinutes(),
                        leg,
                        "cancel-timeout-minutes",
                        DEFAULT_CANCEL_MINUTES),
                job.continueOnError()
                        .map(value -> Coercion.bool(value.evaluate(leg), "continue-on-error"))
                        .orElse(false));
    }

    private static RunsOn runsOn(StepsJob job, Scope leg) {
        RunsOn written = RunsOn.of(job.runsOn().evaluate(leg));
        return ContainerNeed.of(job, leg) ? written.and(ContainerNeed.LABEL) : written;
    }

    private static Optional<DeploymentTarget> target(EnvironmentSpec environment, Scope scope) {
        Value value = environment.name().evaluate(scope);
        Value deployment =
                environment
                        .deployment()
                        .map(flag -> flag.evaluate(scope))
                        .orElse(value.get("deployment"));
        Value name = value instanceof Value.ObjectValue ? value.get("name") : value;
        String text = Coercion.text(name, "environment").strip();
        boolean deploys =
                deployment instanceof Value.NullValue
                        || Coercion.bool(deployment, "environment.deployment");
        return text.isEmpty() ? Optional.empty() : Optional.of(new DeploymentTarget(text, deploys));
    }

    private static Duration minutes(
            Optional<Computed> value, Scope scope, String where, double fallback) {
        double minutes =
                value.map(computed -> Coercion.minutes(computed.evaluate(scope), where))
                        .orElse(fallback);
        return Duration.ofMillis(Math.max(1, Math.round(minutes * 60_000)));
    }
}
