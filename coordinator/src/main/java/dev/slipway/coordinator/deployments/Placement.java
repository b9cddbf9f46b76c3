package dev.slipway.coordinator.deployments;

import dev.slipway.coordinator.model.DeploymentView;
import dev.slipway.coordinator.model.EnvironmentState;
import dev.slipway.coordinator.model.RunHead;

import java.util.Optional;

/// The farm's rule for jobs that deploy and name no environment: an operator names workflow and job
/// with the environment ({@link dev.slipway.coordinator.model.EnvironmentRules#deployedBy}).
public final class Placement {
    private Placement() {}

    /// The environment that a job deploys to although it does not say so.
    ///
    /// @param job its key in the run
    public static Optional<String> of(DeploymentView deployments, RunHead head, String job) {
        for (EnvironmentState environment : deployments.environments()) {
            if (environment.name().project().equals(head.project())
                    && environment.rules().deployedBy().contains(head.workflowPath() + ":" + job)) {
                return Optional.of(environment.label());
            }
        }
        return Optional.empty();
    }
}
