/// What the built-in deploy action does, and how it tells the farm of it.
///
/// Start reading at {@link dev.slipway.agent.deployment.DeploymentLog}.
@NullMarked
package dev.slipway.agent.deployment;

import org.jspecify.annotations.NullMarked;
