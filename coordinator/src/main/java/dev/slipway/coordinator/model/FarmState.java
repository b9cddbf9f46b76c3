package dev.slipway.coordinator.model;

import dev.slipway.id.AttemptId;
import dev.slipway.id.JobId;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/// Everything that is unfinished in the farm, in memory. {@link #apply} is its only mutator: the
/// same code live, on recovery and on a standby. For one thread.
///
/// Its records are also the rows of the history tables: {@link #takeChanges} gives those that
/// changed since the last call. Runs that end leave with the next call.
public final class FarmState implements FarmView {
    private final Archive archive;
    private final NavigableMap<Long, RunFile> files = new TreeMap<>();
    private final NavigableMap<String, Long> counters = new TreeMap<>();
    private final SortedMap<String, String> drains = new TreeMap<>();
    private final RunningAttempts running = new RunningAttempts();
    private final SeatLines lines = new SeatLines();
    private final DirtyRecords dirty = new DirtyRecords();
    private final DeploymentBook deployments;
    private final NotificationBook notifications;
    private FarmMeta meta;

    /// A farm in which nothing has happened yet.
    public FarmState(Archive archive) {
        this(archive, FarmMeta.NEW, Map.of(), Map.of());
    }

    /// A farm as the tables have it; {@link #load} adds the unfinished runs.
    ///
    /// @param counters how many runs workflows have; keys from {@link Changes#counterKey}
    /// @param drains drained agents and by whom
    public FarmState(
            Archive archive,
            FarmMeta meta,
            Map<String, Long> counters,
            Map<String, String> drains) {
        this.archive = archive;
        this.deployments = new DeploymentBook(archive.deployments());
        this.notifications = new NotificationBook(archive.notifications());
        this.meta = meta;
        this.counters.putAll(counters);
        this.drains.putAll(drains);
    }

    /// Takes an unfinished run from the tables.
    public void load(RunRecords records) {
        var file = new RunFile(records);
        files.put(file.run().number(), file);
        deployments.load(file.run().number());
        index(file);
    }

    /// Makes an event true. Never refuses.
    ///
    /// @param position of the journal entry that holds the event
    /// @throws IllegalStateException when the event cannot follow on this state: a bug
    public void apply(long position, Event event) {
        meta = meta.after(position, event.at());
        new Transition(this, position).apply(event);
    }

    /// The records that changed since the last call, to be written before the next one.
    public Changes takeChanges() {
        return dirty.drain(meta, deployments.drain(), notifications.drain());
    }

    public FarmMeta meta() {
        return meta;
    }

    @Override
    public String farmId() {
        return meta.farmId();
    }

    @Override
    public long epoch() {
        return meta.epoch();
    }

    @Override
    public long position() {
        return meta.position();
    }

    @Override
    public long sequence() {
        return meta.sequence();
    }

    @Override
    public Instant time() {
        return meta.time();
    }

    @Override
    public long lastRun() {
        return meta.lastRun();
    }

    @Override
    public long runsOfWorkflow(String project, String workflowPath) {
        return counters.getOrDefault(Changes.counterKey(project, workflowPath), 0L);
    }

    @Override
    public Collection<RunState> runs() {
        return files.values().stream().map(RunFile::run).toList();
    }

    @Override
    public Optional<RunState> run(long number) {
        return Optional.ofNullable(files.get(number)).map(RunFile::run);
    }

    @Override
    public Collection<JobState> jobs(long run) {
        RunFile file = files.get(run);
        return file == null ? List.of() : Collections.unmodifiableCollection(file.jobs());
    }

    @Override
    public Optional<JobState> job(JobId id) {
        return Optional.ofNullable(files.get(id.run())).map(file -> file.job(id.job()));
    }

    @Override
    public List<JobState> group(long run, int group) {
        RunFile file = files.get(run);
        return file == null ? List.of() : file.group(group);
    }

    @Override
    public List<JobState> children(long run, int parent) {
        RunFile file = files.get(run);
        return file == null ? List.of() : file.children(parent);
    }

    @Override
    public Optional<AttemptState> attempt(AttemptId id) {
        return Optional.ofNullable(files.get(id.run())).map(file -> file.attempt(id));
    }

    @Override
    public Collection<AttemptState> attempts(long run) {
        RunFile file = files.get(run);
        return file == null ? List.of() : Collections.unmodifiableCollection(file.attempts());
    }

    @Override
    public Collection<AttemptId> attemptsOf(String agentId) {
        return running.of(agentId);
    }

    @Override
    public Collection<String> agentsWithAttempts() {
        return running.agents();
    }

    @Override
    public Optional<Occupant> holder(String project, String group) {
        return lines.holder(project, group);
    }

    @Override
    public List<Occupant> waiters(String project, String group) {
        return lines.waiters(project, group);
    }

    @Override
    public SortedMap<String, String> drains() {
        return Collections.unmodifiableSortedMap(drains);
    }

    @Override
    public Optional<RunSpec> spec(long run) {
        if (dirty.isRemoved(run)) {
            return Optional.empty();
        }
        RunSpec fresh = dirty.spec(run);
        return fresh != null ? Optional.of(fresh) : archive.spec(run);
    }

    @Override
    public Optional<RunRecords> records(long run) {
        RunFile file = files.get(run);
        if (file == null) {
            file = dirty.ended(run);
        }
        if (file == null && dirty.isRemoved(run)) {
            return Optional.empty();
        }
        return file != null ? Optional.of(file.records()) : archive.records(run);
    }

    @Override
    public Optional<TokenUse> runOfToken(String clientToken) {
        TokenUse fresh = dirty.token(clientToken);
        return fresh != null ? Optional.of(fresh) : archive.token(clientToken);
    }

    @Override
    public Optional<Artifact> artifact(Artifact.Name name) {
        return dirty.artifact(name, () -> archive.artifact(name));
    }

    @Override
    public long lastArtifact() {
        return dirty.lastArtifact().orElseGet(archive::lastArtifact);
    }

    @Override
    public Optional<Cache> cache(Cache.Name name) {
        return dirty.cache(name, () -> archive.cache(name));
    }

    @Override
    public List<JobState> jobsOf(EnvironmentName environment) {
        return deployments.jobsOf(environment).stream().map(this::needJob).toList();
    }

    @Override
    public DeploymentView deployments() {
        return deployments;
    }

    @Override
    public NotificationView notifications() {
        return notifications;
    }

    // -- For Transition: each keeps the indexes and the list of changed records right.

    RunFile file(long run) {
        RunFile file = files.get(run);
        if (file == null) {
            throw new IllegalStateException(
                    "an event of run %d came although it is not unfinished".formatted(run));
        }
        return file;
    }

    JobState needJob(JobId id) {
        JobState job = file(id.run()).job(id.job());
        if (job == null) {
            throw new IllegalStateException("an event of the unknown job %s came".formatted(id));
        }
        return job;
    }

    AttemptState needAttempt(AttemptId id) {
        AttemptState attempt = file(id.run()).attempt(id);
        if (attempt == null) {
            throw new IllegalStateException(
                    "an event of the unknown attempt %s came".formatted(id));
        }
        return attempt;
    }

    void addRun(RunState run, RunSpec spec) {
        files.put(run.number(), new RunFile(run));
        dirty.run(null, run);
        dirty.spec(run.number(), spec);
        dirty.token(spec.clientToken(), new TokenUse(run.number(), 1, run.queuedAt()));
        lines.change(run.head().project(), Occupant.ofRun(run.number()), null, run.seat());
        String key = Changes.counterKey(run.head().project(), run.head().workflowPath());
        counters.put(key, run.head().numberInWorkflow());
        dirty.counter(key, run.head().numberInWorkflow());
        meta = meta.withRun(run.number());
    }

    void putRun(RunState next) {
        RunFile file = file(next.number());
        RunState before = file.run();
        file.put(next);
        dirty.run(before, next);
        lines.change(
                next.head().project(), Occupant.ofRun(next.number()), before.seat(), next.seat());
        if (next.finished()) {
            files.remove(next.number());
            deployments.unload(next.number());
            dirty.ended(file);
        }
    }

    /// Takes a finished run back from the archive.
    RunFile revive(long run) {
        RunRecords records =
                records(run)
                        .orElseThrow(
                                () -> new IllegalStateException("run " + run + " has no records"));
        dirty.revived(run);
        load(records);
        return file(run);
    }

    void putJob(JobState next) {
        RunFile file = file(next.id().run());
        JobState before = file.job(next.id().job());
        file.put(next);
        dirty.job(next);
        deployments.job(file.run().head().project(), before, next);
        lines.change(
                file.run().head().project(),
                Occupant.of(next.id()),
                before == null ? null : before.seat(),
                next.seat());
        if (next.id().job() > file.run().jobs()) {
            putRun(file.run().edit().jobs(next.id().job()).at(next.changedAt()));
        }
    }

    void putAttempt(AttemptState next) {
        file(next.id().run()).put(next);
        dirty.attempt(next);
        running.put(next);
    }

    void token(String token, TokenUse use) {
        dirty.token(token, use);
    }

    void annotate(AttemptId attempt, int index, Annotation annotation) {
        dirty.annotation(attempt, index, annotation);
    }

    void summarize(AttemptId attempt, int step, String markdown) {
        dirty.summary(attempt, step, markdown);
    }

    void test(AttemptId attempt, TestReport report) {
        dirty.tests(attempt, report);
    }

    void drain(String agentId, @Nullable String by) {
        if (by == null) {
            drains.remove(agentId);
        } else {
            drains.put(agentId, by);
        }
        dirty.drain(agentId, Optional.ofNullable(by));
    }

    void raise(String farmId, long epoch) {
        meta = meta.raised(farmId, epoch);
    }

    void record(Artifact artifact) {
        dirty.artifact(artifact.key(), Optional.of(artifact));
    }

    void forget(Artifact.Name name) {
        dirty.artifact(name, Optional.empty());
    }

    void record(Cache cache) {
        dirty.cache(cache.name(), Optional.of(cache));
    }

    void forget(Cache.Name name) {
        dirty.cache(name, Optional.empty());
    }

    NotificationBook notices() {
        return notifications;
    }

    DeploymentBook book() {
        return deployments;
    }

    void removeRun(long run) {
        if (files.containsKey(run)) {
            throw new IllegalStateException("run %d was removed unfinished".formatted(run));
        }
        dirty.removeRun(run);
    }

    private void index(RunFile file) {
        RunState run = file.run();
        String project = run.head().project();
        lines.change(project, Occupant.ofRun(run.number()), null, run.seat());
        file.jobs().forEach(job -> lines.change(project, Occupant.of(job.id()), null, job.seat()));
        file.jobs().forEach(job -> deployments.job(project, null, job));
        file.attempts().forEach(running::put);
    }
}
