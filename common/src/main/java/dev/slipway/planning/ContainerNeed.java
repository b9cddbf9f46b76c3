package dev.slipway.planning;

import dev.slipway.expression.Scope;
import dev.slipway.expression.Value;
import dev.slipway.workflow.ActionRef;
import dev.slipway.workflow.Computed;
import dev.slipway.workflow.Step;
import dev.slipway.workflow.StepsJob;

import java.util.List;

/// Whether a job can only run where there is a Docker engine: it has a container or services, or a
/// step uses an image. What the actions of a repository are is not known before the job runs.
final class ContainerNeed {
    /// The label of agents that have an engine.
    static final String LABEL = "docker";

    private ContainerNeed() {}

    /// @throws dev.slipway.expression.ExpressionException when an image cannot be evaluated
    static boolean of(StepsJob job, Scope scope) {
        return job.container().filter(container -> namesImage(container, scope)).isPresent()
                || job.services().filter(services -> anyService(services, scope)).isPresent()
                || usesImage(job.steps());
    }

    /// Only the image is evaluated: the rest may need secrets, which planning does not know.
    private static boolean namesImage(Computed container, Scope scope) {
        if (container instanceof Computed.Entries entries) {
            for (Computed.Entry entry : entries.entries()) {
                if (!entry.key().isLiteral() || entry.key().literal().text().equals("image")) {
                    return entry.key().isLiteral()
                            ? !entry.value().evaluate(scope).text().isBlank()
                            : named(entries.evaluate(scope));
                }
            }
            return false;
        }
        return named(container.evaluate(scope));
    }

    private static boolean named(Value container) {
        Value image = container instanceof Value.ObjectValue ? container.get("image") : container;
        return !image.text().isBlank();
    }

    private static boolean anyService(Computed services, Scope scope) {
        if (services instanceof Computed.Entries entries) {
            return entries.entries().stream().anyMatch(entry -> namesImage(entry.value(), scope));
        }
        return services.evaluate(scope) instanceof Value.ObjectValue all
                && all.entries().values().stream().anyMatch(ContainerNeed::named);
    }

    private static boolean usesImage(List<Step> steps) {
        return steps.stream()
                .anyMatch(
                        step ->
                                switch (step) {
                                    case Step.Uses uses ->
                                            uses.uses().value() instanceof ActionRef.Docker;
                                    case Step.Parallel group -> usesImage(group.steps());
                                    case Step.Run _, Step.Wait _, Step.WaitAll _, Step.Cancel _ ->
                                            false;
                                });
    }
}
