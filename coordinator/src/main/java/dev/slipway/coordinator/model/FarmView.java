package dev.slipway.coordinator.model;

import dev.slipway.id.AttemptId;
import dev.slipway.id.JobId;

import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;

/// What is true in the farm, read-only. Only the engine's thread may look at it; all collections
/// iterate in the order of their ids and are live: copy what outlives the turn.
///
/// Runs that have ended are not in it, but for {@link #records}, {@link #spec}, {@link
/// #runOfToken}, artifacts and caches, which also look into the history.
public interface FarmView {
    /// Random id of this farm; empty before its first epoch.
    String farmId();

    /// Counts how often a coordinator began to serve.
    long epoch();

    /// The journal position that this reflects.
    long position();

    /// How many events there have ever been.
    long sequence();

    /// The time of the latest event.
    Instant time();

    /// The highest run number ever given.
    long lastRun();

    /// How many runs of a workflow there have been in a project.
    long runsOfWorkflow(String project, String workflowPath);

    /// Unfinished runs.
    Collection<RunState> runs();

    Optional<RunState> run(long number);

    /// The jobs of an unfinished run, finished ones included.
    Collection<JobState> jobs(long run);

    Optional<JobState> job(JobId id);

    /// The jobs of one node: one, or the legs of a matrix.
    List<JobState> group(long run, int group);

    /// The jobs directly inside a call (`parent` 0: at the top of the run).
    List<JobState> children(long run, int parent);

    Optional<AttemptState> attempt(AttemptId id);

    /// All attempts of an unfinished run.
    Collection<AttemptState> attempts(long run);

    /// Unfinished attempts leased to an agent, lost ones included.
    Collection<AttemptId> attemptsOf(String agentId);

    /// Agents that hold leases, lost ones included.
    Collection<String> agentsWithAttempts();

    /// Who is alone in a concurrency group.
    Optional<Occupant> holder(String project, String group);

    /// Who waits for a concurrency group, first come first.
    List<Occupant> waiters(String project, String group);

    /// Agents that operators drained: id to who did it.
    SortedMap<String, String> drains();

    /// What was submitted, for finished runs as well.
    Optional<RunSpec> spec(long run);

    /// A run with all its records, for finished runs as well.
    Optional<RunRecords> records(long run);

    /// The run (and run attempt) that a client token of the last 24 h made.
    Optional<TokenUse> runOfToken(String clientToken);

    /// An artifact by its name, expired or not.
    Optional<Artifact> artifact(Artifact.Name name);

    /// The highest id ever given to an artifact.
    long lastArtifact();

    Optional<Cache> cache(Cache.Name name);

    /// Unfinished jobs that are planned and name an environment, by id.
    List<JobState> jobsOf(EnvironmentName environment);

    /// Environments and their deployments.
    DeploymentView deployments();

    /// Rules, and what they owe.
    NotificationView notifications();

    /// @param run the run that was made or reopened
    /// @param runAttempt 1 for a submission, higher for a rerun
    /// @param at when
    record TokenUse(long run, int runAttempt, Instant at) {}
}
