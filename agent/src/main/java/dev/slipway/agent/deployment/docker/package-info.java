/// Deployments to a container of the machine's Docker engine.
///
/// Start reading at {@link dev.slipway.agent.deployment.docker.DockerTarget}.
@NullMarked
package dev.slipway.agent.deployment.docker;

import org.jspecify.annotations.NullMarked;
