package dev.slipway.coordinator.sessions;

import dev.slipway.coordinator.model.JobState;
import dev.slipway.coordinator.model.RunRecords;
import dev.slipway.coordinator.model.RunSpec;
import dev.slipway.expression.Value;

import java.util.Map;

/// Says what a planned job sees of its run, exactly as its conditions were evaluated. Pure; safe
/// for many threads.
public interface JobContexts {
    /// @param runSecrets all secrets of the run in clear
    Contexts of(RunSpec spec, RunRecords records, JobState job, Map<String, String> runSecrets);

    /// What the job may do with caches: `read`, `write`, `write-only` or `none`.
    String cacheMode(RunSpec spec, JobState job);

    /// @param jobId the job's id in the file that defines it
    /// @param workflowPath that file
    /// @param values contexts by name: github, needs, matrix, strategy, inputs, vars
    /// @param secrets what the job may see: inside called workflows only what the calls pass on
    record Contexts(
            String jobId,
            String workflowPath,
            Map<String, Value> values,
            Map<String, String> secrets) {}
}
