package dev.slipway.agent.deployment.health;

import dev.slipway.agent.deployment.Release;

import java.util.Optional;

/// One thing that is looked at in every round.
interface Check {
    /// What is wrong; empty when it is as it should be. A service that cannot be reached is wrong,
    /// not an exception.
    Optional<String> look(Release release) throws InterruptedException;
}
