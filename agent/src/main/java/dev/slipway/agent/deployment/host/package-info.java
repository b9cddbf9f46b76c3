/// Deployments to a folder and a process of this machine.
///
/// Start reading at {@link dev.slipway.agent.deployment.host.HostTarget}.
@NullMarked
package dev.slipway.agent.deployment.host;

import org.jspecify.annotations.NullMarked;
