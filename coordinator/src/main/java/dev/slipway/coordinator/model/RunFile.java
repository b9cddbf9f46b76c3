package dev.slipway.coordinator.model;

import dev.slipway.id.AttemptId;

import org.jspecify.annotations.Nullable;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.TreeMap;
import java.util.TreeSet;

/// One run with its jobs and attempts, as {@link FarmState} holds it.
final class RunFile {
    private RunState run;
    private final NavigableMap<Integer, JobState> jobs = new TreeMap<>();
    private final NavigableMap<AttemptId, AttemptState> attempts = new TreeMap<>();
    private final Map<Integer, NavigableSet<Integer>> groups = new TreeMap<>();
    private final Map<Integer, NavigableSet<Integer>> children = new TreeMap<>();

    RunFile(RunState run) {
        this.run = run;
    }

    RunFile(RunRecords records) {
        this(records.run());
        records.jobs().forEach(this::put);
        records.attempts().forEach(this::put);
    }

    RunState run() {
        return run;
    }

    void put(RunState next) {
        run = next;
    }

    void put(JobState job) {
        int ordinal = job.id().job();
        jobs.put(ordinal, job);
        groups.computeIfAbsent(job.node().group(), group -> new TreeSet<>()).add(ordinal);
        children.computeIfAbsent(job.node().parent(), parent -> new TreeSet<>()).add(ordinal);
    }

    void put(AttemptState attempt) {
        attempts.put(attempt.id(), attempt);
    }

    @Nullable JobState job(int ordinal) {
        return jobs.get(ordinal);
    }

    @Nullable AttemptState attempt(AttemptId id) {
        return attempts.get(id);
    }

    Collection<JobState> jobs() {
        return jobs.values();
    }

    Collection<AttemptState> attempts() {
        return attempts.values();
    }

    List<JobState> group(int group) {
        return pick(groups.get(group));
    }

    List<JobState> children(int parent) {
        return pick(children.get(parent));
    }

    RunRecords records() {
        return new RunRecords(run, List.copyOf(jobs.values()), List.copyOf(attempts.values()));
    }

    private List<JobState> pick(@Nullable NavigableSet<Integer> ordinals) {
        if (ordinals == null) {
            return List.of();
        }
        return ordinals.stream().map(jobs::get).toList();
    }
}
