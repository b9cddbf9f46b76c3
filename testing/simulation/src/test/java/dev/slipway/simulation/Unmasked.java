package dev.slipway.simulation;

import dev.slipway.agent.actions.Storage;
import dev.slipway.agent.deployment.DeploymentLog;
import dev.slipway.agent.runner.Farm;
import dev.slipway.agent.runner.JobSpec;
import dev.slipway.agent.runner.Token;

import java.util.Map;

/// A farm that does not say which values are secret: {@link Variant#MASKS_FORGOTTEN}.
record Unmasked(Farm real) implements Farm {
    @Override
    public JobSpec fetchSpec(Token token) throws InterruptedException {
        JobSpec spec = real.fetchSpec(token);
        return new JobSpec(
                spec.token(),
                spec.run(),
                spec.runAttempt(),
                spec.project(),
                spec.workflowPath(),
                spec.workflowText(),
                spec.topWorkflowPath(),
                spec.jobId(),
                spec.jobName(),
                spec.contexts(),
                Map.of(),
                spec.source(),
                spec.limits(),
                spec.eventJson(),
                spec.environment(),
                spec.debug(),
                spec.cacheMode());
    }

    @Override
    public DeploymentLog deployments(Token token) {
        return real.deployments(token);
    }

    @Override
    public Storage storage(Token token) {
        return real.storage(token);
    }
}
