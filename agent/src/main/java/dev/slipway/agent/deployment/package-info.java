/// Deployments: what `slipway/deploy` does, as a state machine over ports: where it deploys to,
/// what says that it is healthy, and the farm's record.
///
/// Start reading at {@link dev.slipway.agent.deployment.Deployment}.
@NullMarked
package dev.slipway.agent.deployment;

import org.jspecify.annotations.NullMarked;
