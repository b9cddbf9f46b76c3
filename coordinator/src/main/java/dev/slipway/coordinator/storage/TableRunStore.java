package dev.slipway.coordinator.storage;

import dev.slipway.coordinator.model.Annotation;
import dev.slipway.coordinator.model.Archive;
import dev.slipway.coordinator.model.Artifact;
import dev.slipway.coordinator.model.AttemptState;
import dev.slipway.coordinator.model.Cache;
import dev.slipway.coordinator.model.Changes;
import dev.slipway.coordinator.model.FarmMeta;
import dev.slipway.coordinator.model.FarmState;
import dev.slipway.coordinator.model.FarmView;
import dev.slipway.coordinator.model.JobState;
import dev.slipway.coordinator.model.RunRecords;
import dev.slipway.coordinator.model.RunSpec;
import dev.slipway.coordinator.model.RunState;
import dev.slipway.coordinator.storage.RunTables.AttemptPart;
import dev.slipway.coordinator.storage.RunTables.TimedText;
import dev.slipway.id.AttemptId;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// The history of runs in a {@link Database}: reads for anyone, writes for the journal, and what
/// {@link FarmState} needs to come to life again.
public final class TableRunStore implements RunStore, Archive {
    private final Database database;
    private final FileRows files;
    private final DeploymentRows deployments;
    private final NotificationRows notifications;

    public TableRunStore(Database database) {
        this.database = database;
        this.files = new FileRows(database);
        this.deployments = new DeploymentRows(database);
        this.notifications = new NotificationRows(database);
    }

    /// Artifacts and caches.
    public FileRows files() {
        return files;
    }

    /// Environments and deployments.
    @Override
    public DeploymentRows deployments() {
        return deployments;
    }

    @Override
    public NotificationRows notifications() {
        return notifications;
    }

    /// Adds to a batch what a batch of events changed.
    public void write(Batch batch, Changes changes) {
        RunTables.META.put(batch, RunTables.META_KEY, changes.meta());
        for (Changes.RunChange change : changes.runs()) {
            RunTables.RUNS.put(batch, change.after().number(), change.after());
            RunIndex.change(batch, change.before(), change.after());
            writeUnfinished(batch, change);
        }
        for (JobState job : changes.jobs()) {
            RunTables.JOBS.put(batch, job.id(), RunTables.encode(job));
        }
        for (AttemptState attempt : changes.attempts()) {
            RunTables.ATTEMPTS.put(batch, attempt.id(), RunTables.encode(attempt));
        }
        changes.specs().forEach((run, spec) -> RunTables.SPECS.put(batch, run, spec));
        for (Changes.NewAnnotation added : changes.annotations()) {
            var key = new AttemptPart(added.attempt(), added.index());
            RunTables.ANNOTATIONS.put(batch, key, added.annotation());
        }
        for (Changes.NewSummary added : changes.summaries()) {
            var key = new AttemptPart(added.attempt(), added.step());
            RunTables.SUMMARIES.put(batch, key, added.markdown());
        }
        changes.tests().forEach((id, report) -> RunTables.TESTS.put(batch, id, report));
        changes.tokens().forEach((token, use) -> writeToken(batch, token, use));
        changes.counters().forEach((key, count) -> RunTables.COUNTERS.put(batch, key, count));
        changes.drains()
                .forEach(
                        (agent, by) ->
                                by.ifPresentOrElse(
                                        who -> RunTables.DRAINS.put(batch, agent, who),
                                        () -> RunTables.DRAINS.delete(batch, agent)));
        files.write(batch, changes.files());
        deployments.write(batch, changes.deployments());
        notifications.write(batch, changes.notifications());
        removeRuns(batch, changes);
    }

    private void removeRuns(Batch batch, Changes changes) {
        for (long number : changes.files().removedRuns()) {
            changes.runs().stream()
                    .map(Changes.RunChange::after)
                    .filter(run -> run.number() == number)
                    .findFirst()
                    .or(() -> RunTables.RUNS.get(database, number))
                    .ifPresent(run -> RunIndex.remove(batch, run));
            deployments.forgetRun(batch, number);
            RunTables.RUNS.delete(batch, number);
            RunTables.SPECS.delete(batch, number);
            RunTables.JOBS.deletePrefix(batch, to -> to.number(number));
            RunTables.ATTEMPTS.deletePrefix(batch, to -> to.number(number));
            RunTables.ANNOTATIONS.deletePrefix(batch, to -> to.number(number));
            RunTables.SUMMARIES.deletePrefix(batch, to -> to.number(number));
            RunTables.TESTS.deletePrefix(batch, to -> to.number(number));
        }
    }

    /// The state as the tables have it: reads the unfinished runs only.
    public FarmState load() {
        var counters = new TreeMap<String, Long>();
        RunTables.COUNTERS.scan(
                database, all -> {}, (key, count) -> counters.put(key, count) == null);
        var drains = new TreeMap<String, String>();
        RunTables.DRAINS.scan(database, all -> {}, (agent, by) -> drains.put(agent, by) == null);
        var state = new FarmState(this, meta(database), counters, drains);
        RunTables.UNFINISHED.scan(
                database,
                all -> {},
                (run, nothing) -> {
                    state.load(records(run).orElseThrow());
                    return true;
                });
        return state;
    }

    /// The farm's own facts.
    public FarmMeta meta() {
        return meta(database);
    }

    /// Replaces the facts of the farm itself in data that nobody serves; durable when this returns.
    public void putMeta(FarmMeta meta) {
        var batch = new Batch();
        RunTables.META.put(batch, RunTables.META_KEY, meta);
        database.write(batch, Database.Durability.SYNCED);
    }

    @Override
    public long position() {
        return meta(database).position();
    }

    @Override
    public Optional<Recorded> run(long number) {
        if (number < 1) {
            return Optional.empty();
        }
        try (Snapshot snapshot = database.snapshot()) {
            long position = meta(snapshot).position();
            return records(snapshot, number).map(records -> new Recorded(records, position));
        }
    }

    @Override
    public Optional<RunRecords> records(long run) {
        return records(database, run);
    }

    @Override
    public Optional<RunSpec> spec(long number) {
        return number < 1 ? Optional.empty() : RunTables.SPECS.get(database, number);
    }

    @Override
    public Optional<FarmView.TokenUse> token(String clientToken) {
        return RunTables.TOKENS.get(database, clientToken);
    }

    @Override
    public Optional<Artifact> artifact(Artifact.Name name) {
        return files.artifact(name);
    }

    @Override
    public long lastArtifact() {
        return files.lastArtifact();
    }

    @Override
    public Optional<Cache> cache(Cache.Name name) {
        return files.cache(name);
    }

    @Override
    public AttemptFindings findings(AttemptId attempt) {
        try (Snapshot snapshot = database.snapshot()) {
            var annotations = new ArrayList<Annotation>();
            RunTables.ANNOTATIONS.scan(
                    snapshot, to -> prefix(attempt, to), (key, found) -> annotations.add(found));
            var summaries = new TreeMap<Integer, String>();
            RunTables.SUMMARIES.scan(
                    snapshot,
                    to -> prefix(attempt, to),
                    (key, markdown) -> summaries.put(key.part(), markdown) == null);
            return new AttemptFindings(
                    annotations, summaries, RunTables.TESTS.get(snapshot, attempt));
        }
    }

    @Override
    public RunPage list(RunFilter filter, int size, long next) {
        if (size < 1 || size > 500) {
            throw new IllegalArgumentException("a page has 1 to 500 runs, not " + size);
        }
        try (Snapshot snapshot = database.snapshot()) {
            var runs = new ArrayList<RunState>(size);
            boolean[] more = new boolean[1];
            long below = next > 0 ? next : Long.MAX_VALUE;
            RunIndex.find(
                    snapshot,
                    filter,
                    below,
                    number -> {
                        if (runs.size() == size) {
                            more[0] = true;
                            return false;
                        }
                        RunTables.RUNS.get(snapshot, number).ifPresent(runs::add);
                        return true;
                    });
            long last = more[0] ? runs.getLast().number() : 0;
            return new RunPage(runs, last, meta(snapshot).position());
        }
    }

    private static void writeUnfinished(Batch batch, Changes.RunChange change) {
        boolean was = change.before().isPresent() && !change.before().get().finished();
        boolean is = !change.after().finished();
        if (is && !was) {
            RunTables.UNFINISHED.put(batch, change.after().number(), RunTables.NOTHING);
        } else if (was && !is) {
            RunTables.UNFINISHED.delete(batch, change.after().number());
        }
    }

    private static void writeToken(Batch batch, String token, FarmView.TokenUse use) {
        RunTables.TOKENS.put(batch, token, use);
        var key = new TimedText(Math.max(0, use.at().toEpochMilli()), token);
        RunTables.TOKEN_TIMES.put(batch, key, RunTables.NOTHING);
    }

    private static FarmMeta meta(Reads reads) {
        return RunTables.META.get(reads, RunTables.META_KEY).orElse(FarmMeta.NEW);
    }

    private static void prefix(AttemptId attempt, KeyWriter to) {
        to.number(attempt.run()).small(attempt.job().job()).small(attempt.number());
    }

    private static Optional<RunRecords> records(Reads reads, long number) {
        return RunTables.RUNS
                .get(reads, number)
                .map(run -> new RunRecords(run, jobs(reads, number), attempts(reads, number)));
    }

    private static List<JobState> jobs(Reads reads, long run) {
        var jobs = new ArrayList<JobState>();
        RunTables.JOBS.scan(
                reads, to -> to.number(run), (id, row) -> jobs.add(JobCodec.decode(id, row)));
        return jobs;
    }

    private static List<AttemptState> attempts(Reads reads, long run) {
        Map<AttemptId, List<String>> annotations = new HashMap<>();
        RunTables.ANNOTATIONS.scan(
                reads,
                to -> to.number(run),
                (key, found) ->
                        annotations
                                .computeIfAbsent(key.attempt(), id -> new ArrayList<>())
                                .add(found.id()));
        var attempts = new ArrayList<AttemptState>();
        RunTables.ATTEMPTS.scan(
                reads,
                to -> to.number(run),
                (id, row) ->
                        attempts.add(
                                AttemptCodec.decode(
                                        id, row, annotations.getOrDefault(id, List.of()))));
        return attempts;
    }
}
