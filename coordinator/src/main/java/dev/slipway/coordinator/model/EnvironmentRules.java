package dev.slipway.coordinator.model;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;

/// What an operator says of an environment: what lets a job through, and what the job sees.
///
/// @param approvals how many people must approve a job
/// @param delay how long a job waits before it goes; zero: not at all
/// @param branches filter patterns, as in `on.push.branches`; empty: all refs may deploy
/// @param oneAtATime one job at a time; others wait in line
/// @param deployedBy `WORKFLOW-PATH:JOB` of jobs that deploy here although they name no environment
/// @param variables what its jobs see in the `vars` context, over those of the run
/// @param secrets what its jobs see in the `secrets` context, over those of the run; ciphertext
public record EnvironmentRules(
        int approvals,
        Duration delay,
        List<String> branches,
        boolean oneAtATime,
        List<String> deployedBy,
        SortedMap<String, String> variables,
        SealedSecrets secrets) {
    public static final int MAX_APPROVALS = 6;
    public static final Duration MAX_WAIT = Duration.ofDays(30);

    /// Nothing holds anything back.
    public static final EnvironmentRules NONE =
            new EnvironmentRules(
                    0,
                    Duration.ZERO,
                    List.of(),
                    false,
                    List.of(),
                    RunSpec.sorted(Map.of()),
                    SealedSecrets.NONE);

    public EnvironmentRules {
        branches = List.copyOf(branches);
        deployedBy = List.copyOf(deployedBy);
        variables = RunSpec.sorted(variables);
    }
}
