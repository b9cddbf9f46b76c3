package dev.slipway.agent.runner;

import dev.slipway.agent.actions.Storage;
import dev.slipway.agent.deployment.DeploymentLog;

/// What an attempt asks of the farm: a port, so that attempts run in tests without one. Calls
/// block, wait out lost connections, and throw {@link dev.slipway.error.SlipwayException} when the
/// farm refuses for good.
public interface Farm {
    /// Everything that is needed to run an attempt; given only to the holder of its lease.
    JobSpec fetchSpec(Token token) throws InterruptedException;

    /// The farm's stores for an attempt.
    Storage storage(Token token);

    /// The farm's record of an attempt's deployments.
    DeploymentLog deployments(Token token);
}
