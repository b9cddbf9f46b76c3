package dev.slipway.coordinator.sessions;

import com.google.protobuf.ByteString;

import dev.slipway.agent.v1.GetJobSpecRequest;
import dev.slipway.agent.v1.JobSpec;
import dev.slipway.agent.v1.RecoveryNeeds;
import dev.slipway.api.v1.Blob;
import dev.slipway.api.v1.BundleSource;
import dev.slipway.api.v1.GitSource;
import dev.slipway.api.v1.Source;
import dev.slipway.coordinator.engine.PlannedJobs;
import dev.slipway.coordinator.model.Bytes;
import dev.slipway.coordinator.model.EventFacts;
import dev.slipway.coordinator.model.JobState;
import dev.slipway.coordinator.model.RunRecords;
import dev.slipway.coordinator.model.RunSpec;
import dev.slipway.coordinator.model.WorkflowFile;
import dev.slipway.coordinator.secrets.SecretBox;
import dev.slipway.coordinator.storage.DeploymentRows;
import dev.slipway.coordinator.storage.RunStore;
import dev.slipway.error.ErrorCode;
import dev.slipway.error.SlipwayException;
import dev.slipway.expression.Json;
import dev.slipway.expression.Value;
import dev.slipway.id.AttemptId;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/// Puts together what an agent needs to run a leased attempt. The one place where secrets are
/// opened; what it makes goes to the lease's holder and nowhere else.
public final class JobSpecs {
    private final Parts parts;
    private final EnvironmentSecrets environments;
    private final RecoverySpecs recoveries;

    /// What specs are made from.
    ///
    /// @param farmId of this farm
    /// @param logCap bytes of output kept per step
    /// @param retentionDays how long artifacts stay when the step does not say
    public record Parts(
            RunStore runs,
            Grants grants,
            SecretBox secrets,
            DeploymentRows environments,
            PlannedJobs planned,
            String farmId,
            long logCap,
            int retentionDays) {}

    public JobSpecs(Parts parts) {
        this.parts = parts;
        this.environments = new EnvironmentSecrets(parts.environments(), parts.secrets());
        this.recoveries = new RecoverySpecs(parts.environments(), parts.secrets());
    }

    /// The spec of an attempt for the agent that holds its lease.
    ///
    /// @throws SlipwayException when the agent does not hold it
    public JobSpec get(GetJobSpecRequest request) {
        AttemptId attempt = parts.grants().require(parts.farmId(), request.getToken());
        boolean holder =
                parts.grants()
                        .of(attempt)
                        .filter(grant -> grant.agentId().equals(request.getAgentId()))
                        .isPresent();
        if (!holder) {
            throw new SlipwayException(
                    ErrorCode.STALE_ATTEMPT,
                    "Attempt %s belongs to another agent.".formatted(attempt));
        }
        RunRecords records = records(attempt.run());
        RunSpec spec = spec(attempt.run());
        JobState job = job(records, attempt);
        SortedMap<String, String> secrets =
                parts.secrets().open(spec.clientToken(), spec.secrets().ciphertext().toArray());
        var seen = parts.planned().seen(spec, records, job, secrets);
        String environment = job.plan().environment();
        var message =
                JobSpec.newBuilder()
                        .setToken(request.getToken())
                        .setRun(attempt.run())
                        .setRunAttempt(records.run().runAttempt())
                        .setProject(spec.project())
                        .setWorkflow(workflow(spec, seen.workflowPath()))
                        .setTopWorkflowPath(spec.workflow().path())
                        .setJobId(seen.jobId())
                        .setJobName(job.plan().name())
                        .putAllSecrets(
                                environments.over(seen.secrets(), spec.project(), environment))
                        .setSource(source(spec))
                        .setTimeoutMinutes(job.plan().timeoutMinutes())
                        .setCancelTimeoutMinutes(job.plan().cancelTimeoutMinutes())
                        .setEnvironment(environment)
                        .setDebug(spec.debug())
                        .addAllCacheScopes(cacheScopes(spec.event()))
                        .setCacheMode(parts.planned().cacheMode(spec, job))
                        .setLogCapBytes(parts.logCap())
                        .setRetentionDays(parts.retentionDays());
        seen.contexts()
                .forEach((name, value) -> message.putContextsJson(name, Json.compact(value)));
        Value vars = seen.contexts().getOrDefault("vars", Value.NULL);
        Map<String, String> own = environments.variables(spec.project(), environment);
        message.putContextsJson("vars", Json.compact(overlaid(vars, own)));
        Value github = seen.contexts().getOrDefault("github", Value.NULL);
        message.setEventJson(Json.compact(github.get("event")));
        recoveries
                .program(records, spec, attempt, seen.jobId())
                .ifPresent(program -> recover(message, program));
        return message.build();
    }

    private static void recover(JobSpec.Builder message, RecoverySpecs.Program program) {
        message.getWorkflowBuilder().setSource(ByteString.copyFrom(program.workflow()));
        message.putAllSecrets(program.secrets());
    }

    /// Seals what a recovery of a step's deployment would need.
    public Bytes seal(AttemptId attempt, String step, RecoveryNeeds needs) {
        return recoveries.seal(spec(attempt.run()).clientToken(), step, needs);
    }

    private static Value overlaid(Value vars, Map<String, String> own) {
        Map<String, Value> all = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        if (vars instanceof Value.ObjectValue known) {
            all.putAll(known.entries());
        }
        own.forEach((name, value) -> all.put(name, Value.of(value)));
        return Value.object(all);
    }

    /// What an attempt may do with the farm's stores.
    public AttemptRights rights(AttemptId attempt) {
        RunRecords records = records(attempt.run());
        RunSpec spec = spec(attempt.run());
        return new AttemptRights(
                spec.project(),
                records.run().runAttempt(),
                cacheScopes(spec.event()),
                parts.planned().cacheMode(spec, job(records, attempt)));
    }

    /// The project of a run.
    ///
    /// @throws SlipwayException when there is no such run
    public String projectOf(long run) {
        return spec(run).project();
    }

    private RunRecords records(long run) {
        return parts.runs().run(run).map(RunStore.Recorded::records).orElseThrow(() -> gone(run));
    }

    private RunSpec spec(long run) {
        return parts.runs().spec(run).orElseThrow(() -> gone(run));
    }

    private static SlipwayException gone(long run) {
        return new SlipwayException(ErrorCode.RUN_NOT_FOUND, "There is no run %d.".formatted(run));
    }

    private static JobState job(RunRecords records, AttemptId attempt) {
        return records.jobs().stream()
                .filter(job -> job.id().equals(attempt.job()))
                .findFirst()
                .orElseThrow(() -> gone(attempt.run()));
    }

    private static dev.slipway.api.v1.WorkflowFile workflow(RunSpec spec, String path) {
        WorkflowFile file =
                Stream.concat(Stream.of(spec.workflow()), spec.calledWorkflows().stream())
                        .filter(known -> known.path().equals(path))
                        .findFirst()
                        .orElse(spec.workflow());
        return dev.slipway.api.v1.WorkflowFile.newBuilder()
                .setPath(file.path())
                .setSource(ByteString.copyFrom(file.source().toArray()))
                .build();
    }

    private static Source source(RunSpec spec) {
        return switch (spec.source()) {
            case dev.slipway.coordinator.model.Source.Git(String url) ->
                    Source.newBuilder().setGit(GitSource.newBuilder().setUrl(url)).build();
            case dev.slipway.coordinator.model.Source.Bundle(String sha256, long size) ->
                    Source.newBuilder()
                            .setBundle(
                                    BundleSource.newBuilder()
                                            .setBlob(
                                                    Blob.newBuilder()
                                                            .setSha256(sha256)
                                                            .setSize(size)))
                            .build();
            case dev.slipway.coordinator.model.Source.None() -> Source.getDefaultInstance();
        };
    }

    /// The run's own ref, then the branch that a pull request goes into, then the default branch.
    static List<String> cacheScopes(EventFacts event) {
        var scopes = new LinkedHashSet<String>();
        scopes.add(event.ref());
        if (!event.baseRef().isEmpty()) {
            scopes.add("refs/heads/" + event.baseRef());
        }
        if (!event.defaultBranch().isEmpty()) {
            scopes.add("refs/heads/" + event.defaultBranch());
        }
        return List.copyOf(scopes);
    }
}
