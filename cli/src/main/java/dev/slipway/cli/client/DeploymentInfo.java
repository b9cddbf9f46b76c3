package dev.slipway.cli.client;

import org.jspecify.annotations.Nullable;

import java.time.Instant;

/// A deployment.
///
/// @param phase `claimed`, `rollout`, `health`, `rollback`, `succeeded`, `rolled-back`, `failed` or
///   `superseded`
/// @param target what and where; texts are empty when only the job is known
public record DeploymentInfo(
        String project,
        String environment,
        long number,
        String phase,
        Origin origin,
        Target target,
        Times times,
        String detail,
        String cause,
        String url,
        Lineage lineage) {
    /// Who deploys.
    public record Origin(
            long run,
            int runAttempt,
            String job,
            String step,
            String workflowPath,
            String event,
            String sha,
            String ref,
            String actor) {
        /// The first 7 characters of the commit.
        public String shortSha() {
            return sha.substring(0, Math.min(7, sha.length()));
        }
    }

    /// @param version what is deployed
    /// @param running what runs now, as far as it was said
    public record Target(String kind, String name, String version, String running) {}

    /// @param changingSince when the target began to change
    /// @param unhealthySince when the new version was found unhealthy
    public record Times(
            Instant startedAt,
            @Nullable Instant changingSince,
            @Nullable Instant unhealthySince,
            @Nullable Instant finishedAt) {}

    /// @param replaces number of the deployment that was good before; 0 when there was none
    /// @param rollbackOf number of the deployment that it takes back; 0 when it takes none
    /// @param commits since the one that it replaces
    /// @param commitsKnown whether that is all of them
    public record Lineage(
            long replaces,
            String goodVersion,
            long rollbackOf,
            int commits,
            boolean commitsKnown) {}
}
