package dev.slipway.agent.runner;

import java.util.Map;

/// Everything that is needed to run a job, as the coordinator said it. Carries secrets: it lives in
/// memory only and is fetched again after a restart.
///
/// @param run the run's number
/// @param runAttempt counts reruns, from 1
/// @param project `owner/name`, or a folder's name
/// @param workflowPath the file that defines the job
/// @param workflowText its text
/// @param topWorkflowPath the calling workflow's path, or the same
/// @param jobId the job's key in that file
/// @param jobName the display name, matrix values included
/// @param contexts JSON objects by context name: github, needs, matrix, strategy, inputs, vars
/// @param secrets plain values by name
/// @param source what the workspace is made from
/// @param limits time-outs and sizes
/// @param eventJson the event's payload; may be empty
/// @param environment the environment's name; empty when there is none
/// @param debug whether `::debug::` lines are shown
/// @param cacheMode `read`, `write`, `write-only` or `none`
public record JobSpec(
        Token token,
        long run,
        int runAttempt,
        String project,
        String workflowPath,
        String workflowText,
        String topWorkflowPath,
        String jobId,
        String jobName,
        Map<String, String> contexts,
        Map<String, String> secrets,
        Source source,
        Limits limits,
        String eventJson,
        String environment,
        boolean debug,
        String cacheMode) {

    public JobSpec {
        contexts = Map.copyOf(contexts);
        secrets = Map.copyOf(secrets);
    }

    /// Names the job only: secrets must not reach a log by accident.
    @Override
    public String toString() {
        return "JobSpec[" + token.attempt() + " " + jobName + "]";
    }

    /// Where the workspace's files come from.
    public sealed interface Source {
        /// A repository that `git fetch` can reach.
        record Git(String url) implements Source {}

        /// A tar (zstd) of a working tree in the farm's blob store.
        record Bundle(String sha256, long size) implements Source {}

        /// Nothing was submitted.
        record None() implements Source {}
    }

    /// @param timeoutMinutes the job's `timeout-minutes`; 0 or less means GitHub's 360
    /// @param cancelTimeoutMinutes how long steps may still run after a cancel
    /// @param logCapBytes bytes of log kept per step; 0 means no cap
    /// @param retentionDays days that artifacts stay when the step does not say
    public record Limits(
            double timeoutMinutes,
            double cancelTimeoutMinutes,
            long logCapBytes,
            int retentionDays) {}
}
