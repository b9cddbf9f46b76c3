package dev.slipway.agent.runner;

import dev.slipway.agent.actions.Storage;
import dev.slipway.agent.deployment.DeploymentLog;

/// The parts of one attempt that its program works with.
///
/// @param cancel how urgently it has to end
/// @param logs one log per step
/// @param hash computes `hashFiles`
/// @param containers those of the job
record JobRuntime(
        JobSpec spec,
        Checkpoint checkpoint,
        AttemptState state,
        JobFolders folders,
        CancelSignal cancel,
        Machine machine,
        JobContexts contexts,
        StepLogs logs,
        Storage storage,
        DeploymentLog deployments,
        StepScope.HashFunction hash,
        JobContainers containers) {

    /// The tracking id of all of the job's processes.
    String trackingId() {
        return trackingId(spec.token());
    }

    static String trackingId(Token token) {
        return "slipway:" + token.farmId() + ":" + token.attempt();
    }
}
