/// The Docker engine of the agent's machine: containers, networks and images, with labels that say
/// whose they are.
///
/// Start reading at {@link dev.slipway.agent.docker.DockerEngine}.
@NullMarked
package dev.slipway.agent.docker;

import org.jspecify.annotations.NullMarked;
