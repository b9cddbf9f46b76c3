package dev.slipway.coordinator.engine;

import dev.slipway.coordinator.model.JobState;
import dev.slipway.coordinator.model.RunRecords;
import dev.slipway.coordinator.model.RunSpec;
import dev.slipway.expression.Value;
import dev.slipway.planning.JobLeg;
import dev.slipway.planning.RunPlan;
import dev.slipway.workflow.CacheMode;

import java.util.LinkedHashMap;
import java.util.Map;

/// Says what a planned job sees of its run, exactly as its conditions were evaluated: what an agent
/// needs to run it. Safe for many threads.
public final class PlannedJobs {
    private final RunPlans plans;

    public PlannedJobs(RunPlans plans) {
        this.plans = plans;
    }

    /// @param jobId the job's id in the file that defines it
    /// @param workflowPath that file
    /// @param contexts by name: github, needs, matrix, strategy, inputs, vars
    /// @param secrets what the job may see: inside called workflows only what the calls pass on
    public record Seen(
            String jobId,
            String workflowPath,
            Map<String, Value> contexts,
            Map<String, String> secrets) {}

    /// @param runSecrets all secrets of the run in clear
    /// @throws IllegalArgumentException when the job is not planned or runs no steps
    public Seen seen(
            RunSpec spec, RunRecords records, JobState job, Map<String, String> runSecrets) {
        JobLeg leg = plans.leg(records, spec, job);
        RunContexts shared = plans.contexts(spec, records.run().head(), job.runAttempt());
        Map<String, Value> contexts = new LinkedHashMap<>();
        contexts.put("github", shared.github());
        contexts.put("needs", leg.needs());
        contexts.put("matrix", leg.matrix());
        contexts.put("strategy", leg.strategy());
        contexts.put("inputs", leg.inputs());
        contexts.put("vars", shared.vars());
        Map<String, String> secrets =
                plans.plan(spec)
                        .secrets(
                                leg.key(),
                                plans.view(spec, records.run(), records.jobs(), false),
                                runSecrets);
        return new Seen(leg.jobId(), leg.workflowPath(), contexts, secrets);
    }

    /// What the job may do with caches: `read`, `write`, `write-only` or `none`; its own word wins
    /// over its workflow's, and `write` is usual.
    public String cacheMode(RunSpec spec, JobState job) {
        RunPlan plan = plans.plan(spec);
        String key = job.node().key();
        return plan.job(key)
                .cacheMode()
                .or(() -> plan.workflowOf(key).cacheMode())
                .map(CacheMode::label)
                .orElse("write");
    }
}
