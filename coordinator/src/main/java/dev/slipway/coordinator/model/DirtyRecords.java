package dev.slipway.coordinator.model;

import dev.slipway.id.AttemptId;
import dev.slipway.id.JobId;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Supplier;

/// Collects what {@link FarmState} changes between two writes to the tables.
final class DirtyRecords {
    private final Map<Long, Optional<RunState>> runsBefore = new TreeMap<>();
    private final Map<Long, RunState> runs = new TreeMap<>();
    private final Map<JobId, JobState> jobs = new TreeMap<>();
    private final Map<AttemptId, AttemptState> attempts = new TreeMap<>();
    private final Map<Long, RunSpec> specs = new TreeMap<>();
    private final List<Changes.NewAnnotation> annotations = new ArrayList<>();
    private final List<Changes.NewSummary> summaries = new ArrayList<>();
    private final Map<AttemptId, TestReport> tests = new TreeMap<>();
    private final Map<String, FarmView.TokenUse> tokens = new LinkedHashMap<>();
    private final Map<String, Long> counters = new TreeMap<>();
    private final Map<String, Optional<String>> drains = new TreeMap<>();

    private final Map<Artifact.Name, Optional<Artifact>> artifacts = new TreeMap<>();
    private final Map<Cache.Name, Optional<Cache>> caches = new TreeMap<>();
    private final TreeSet<Long> removedRuns = new TreeSet<>();
    private Optional<Long> lastArtifact = Optional.empty();

    /// Runs that ended since the last write: the tables do not show that yet.
    private final Map<Long, RunFile> ended = new TreeMap<>();

    void run(@Nullable RunState before, RunState after) {
        runsBefore.putIfAbsent(after.number(), Optional.ofNullable(before));
        runs.put(after.number(), after);
    }

    void job(JobState job) {
        jobs.put(job.id(), job);
    }

    void attempt(AttemptState attempt) {
        attempts.put(attempt.id(), attempt);
    }

    void spec(long run, RunSpec spec) {
        specs.put(run, spec);
    }

    @Nullable RunSpec spec(long run) {
        return specs.get(run);
    }

    void annotation(AttemptId attempt, int index, Annotation annotation) {
        annotations.add(new Changes.NewAnnotation(attempt, index, annotation));
    }

    void summary(AttemptId attempt, int step, String markdown) {
        summaries.add(new Changes.NewSummary(attempt, step, markdown));
    }

    void tests(AttemptId attempt, TestReport report) {
        tests.put(attempt, report);
    }

    void token(String token, FarmView.TokenUse use) {
        tokens.put(token, use);
    }

    FarmView.@Nullable TokenUse token(String token) {
        return tokens.get(token);
    }

    void counter(String key, long value) {
        counters.put(key, value);
    }

    void drain(String agentId, Optional<String> by) {
        drains.put(agentId, by);
    }

    void artifact(Artifact.Name name, Optional<Artifact> artifact) {
        artifacts.put(name, artifact);
        artifact.ifPresent(fresh -> lastArtifact = Optional.of(fresh.id()));
    }

    /// What was recorded since the last write, nothing when it went; else what is archived.
    Optional<Artifact> artifact(Artifact.Name name, Supplier<Optional<Artifact>> archived) {
        Optional<Artifact> fresh = artifacts.get(name);
        if (fresh != null) {
            return fresh;
        }
        return isRemoved(name.run()) ? Optional.empty() : archived.get();
    }

    Optional<Long> lastArtifact() {
        return lastArtifact;
    }

    void cache(Cache.Name name, Optional<Cache> cache) {
        caches.put(name, cache);
    }

    Optional<Cache> cache(Cache.Name name, Supplier<Optional<Cache>> archived) {
        Optional<Cache> fresh = caches.get(name);
        return fresh == null ? archived.get() : fresh;
    }

    void removeRun(long run) {
        removedRuns.add(run);
        artifacts.keySet().removeIf(name -> name.run() == run);
        ended.remove(run);
    }

    boolean isRemoved(long run) {
        return removedRuns.contains(run);
    }

    void ended(RunFile file) {
        ended.put(file.run().number(), file);
    }

    /// A run that ended since the last write.
    @Nullable RunFile ended(long run) {
        return ended.get(run);
    }

    void revived(long run) {
        ended.remove(run);
    }

    Changes drain(
            FarmMeta meta, Changes.Deployments deployments, Changes.Notifications notifications) {
        var changed = new ArrayList<Changes.RunChange>(runs.size());
        runs.forEach(
                (number, after) ->
                        changed.add(
                                new Changes.RunChange(
                                        runsBefore.getOrDefault(number, Optional.empty()), after)));
        var changes =
                new Changes(
                        meta,
                        changed,
                        List.copyOf(jobs.values()),
                        List.copyOf(attempts.values()),
                        new TreeMap<>(specs),
                        List.copyOf(annotations),
                        List.copyOf(summaries),
                        new TreeMap<>(tests),
                        new LinkedHashMap<>(tokens),
                        new TreeMap<>(counters),
                        new TreeMap<>(drains),
                        new Changes.Files(
                                new TreeMap<>(artifacts),
                                lastArtifact,
                                new TreeMap<>(caches),
                                List.copyOf(removedRuns)),
                        deployments,
                        notifications);
        clear();
        return changes;
    }

    private void clear() {
        runsBefore.clear();
        runs.clear();
        jobs.clear();
        attempts.clear();
        specs.clear();
        annotations.clear();
        summaries.clear();
        tests.clear();
        tokens.clear();
        counters.clear();
        drains.clear();
        ended.clear();
        artifacts.clear();
        caches.clear();
        removedRuns.clear();
        lastArtifact = Optional.empty();
    }
}
