package dev.slipway.cli.client;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.List;
import java.util.Map;

/// An environment.
///
/// @param current the latest deployment that succeeded
/// @param latest the latest of all
public record EnvironmentInfo(
        String project,
        String name,
        @Nullable DeploymentInfo current,
        @Nullable DeploymentInfo latest,
        Rules rules) {
    /// What protects it, and what its jobs see.
    ///
    /// @param deployedBy `WORKFLOW-PATH:JOB` of jobs that deploy here and do not say so
    public record Rules(
            int approvals,
            Duration delay,
            List<String> branches,
            boolean oneAtATime,
            List<String> deployedBy,
            Map<String, String> variables,
            List<String> secretNames) {}

    /// What is to change; null and empty mean as it is.
    ///
    /// @param branches all patterns at once
    /// @param deployedBy all jobs at once
    /// @param removeVariables names to forget
    public record Changes(
            @Nullable Integer approvals,
            @Nullable Duration delay,
            @Nullable List<String> branches,
            @Nullable Boolean oneAtATime,
            @Nullable List<String> deployedBy,
            Map<String, String> variables,
            List<String> removeVariables,
            Map<String, String> secrets,
            List<String> removeSecrets) {}
}
