/// Deployments to a workload of a Kubernetes cluster.
///
/// Start reading at {@link dev.slipway.agent.deployment.kubernetes.KubernetesTarget}.
@NullMarked
package dev.slipway.agent.deployment.kubernetes;

import org.jspecify.annotations.NullMarked;
