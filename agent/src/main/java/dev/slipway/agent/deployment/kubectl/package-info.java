/// What a job's own `kubectl` commands did to a cluster's deployments, seen by looking before and
/// after.
///
/// Start reading at {@link dev.slipway.agent.deployment.kubectl.Workloads}.
@NullMarked
package dev.slipway.agent.deployment.kubectl;

import org.jspecify.annotations.NullMarked;
