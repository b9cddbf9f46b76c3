package dev.slipway.agent.deployment.kubernetes;

import dev.slipway.agent.deployment.Claimant;

import java.time.Duration;
import java.util.Map;

/// A workload, and what is to run in it.
///
/// @param namespace empty for that of the kubeconfig's context
/// @param container the one whose image is set; empty when the pod has one only
/// @param image the new version's
/// @param patience until every replica runs it
/// @param claimant whose deployments the workload has: numbers rise per environment
public record KubernetesSettings(
        Access access,
        String namespace,
        Kind kind,
        String name,
        String container,
        String image,
        Duration patience,
        Claimant claimant) {

    /// How the cluster is reached.
    ///
    /// @param kubeconfig a file; empty for what `KUBECONFIG`, `~/.kube/config` or the pod that the
    ///   agent runs in say
    /// @param context of the kubeconfig; empty for its current one
    public record Access(String kubeconfig, String context, Map<String, String> environment) {}

    /// What can be rolled out.
    public enum Kind {
        DEPLOYMENT("Deployment", "deployments"),
        STATEFUL_SET("StatefulSet", "statefulsets"),
        DAEMON_SET("DaemonSet", "daemonsets");

        private final String title;
        private final String plural;

        Kind(String title, String plural) {
            this.title = title;
            this.plural = plural;
        }

        String title() {
            return title;
        }

        String plural() {
            return plural;
        }

        /// As kubectl writes it: `deployment`.
        String word() {
            return title.toLowerCase(java.util.Locale.ROOT);
        }
    }

    /// `deployment/web`
    String workload() {
        return kind.word() + "/" + name;
    }
}
