package dev.slipway.cli.follow;

import dev.slipway.cli.client.Attempt;
import dev.slipway.cli.client.Job;
import dev.slipway.cli.client.LogText;
import dev.slipway.cli.client.Run;
import dev.slipway.cli.client.RunChange;
import dev.slipway.cli.client.RunDetail;
import dev.slipway.cli.client.Step;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/// What is known of one run that is being followed. Owned by the follower's thread.
public final class FollowedRun {
    /// One attempt at a job, whose log is a stream of its own.
    record AttemptKey(int job, int attempt) {}

    private final long number;
    private final TreeMap<Integer, Job> jobs = new TreeMap<>();
    private final Set<AttemptKey> opened = new HashSet<>();
    private final Set<AttemptKey> open = new HashSet<>();
    private final Map<AttemptKey, List<LogText>> held = new HashMap<>();
    private List<Job> ordered = List.of();
    private @Nullable Run run;
    private long position;
    private boolean watchEnded;

    FollowedRun(long number) {
        this.number = number;
    }

    public long number() {
        return number;
    }

    /// The run's record; null before the first word of the farm.
    public @Nullable Run run() {
        return run;
    }

    /// All jobs in plan order.
    public List<Job> jobs() {
        if (ordered.isEmpty()) {
            ordered = PlanOrder.of(jobs.values());
        }
        return ordered;
    }

    public @Nullable Job job(int ordinal) {
        return jobs.get(ordinal);
    }

    /// Everything, as `show` has it; null before the first word of the farm.
    public @Nullable RunDetail detail() {
        return run == null ? null : new RunDetail(run, jobs(), position);
    }

    boolean isOver() {
        return watchEnded && open.isEmpty();
    }

    void watchEnded() {
        watchEnded = true;
    }

    void apply(RunChange change, FollowView view) {
        position = change.position();
        ordered = List.of();
        if (change.run() != null) {
            run = change.run();
            view.runChanged(this);
        }
        for (Job job : change.jobs()) {
            @Nullable Job before = jobs.put(job.ordinal(), job);
            view.jobChanged(this, before, job);
        }
    }

    /// Attempts of the current run attempt whose logs are to be read now.
    List<AttemptKey> openLogs() {
        var fresh = new ArrayList<AttemptKey>();
        int current = run == null ? 1 : run.runAttempt();
        for (Job job : jobs.values()) {
            for (Attempt attempt : job.attempts()) {
                var key = new AttemptKey(job.ordinal(), attempt.number());
                boolean isCurrent = attempt.runAttempt() == 0 || attempt.runAttempt() == current;
                if (isCurrent && opened.add(key)) {
                    open.add(key);
                    fresh.add(key);
                }
            }
        }
        return fresh;
    }

    /// Lines wait until the watch has told the name of their step, which may come a moment later.
    void hold(AttemptKey key, List<LogText> lines) {
        held.computeIfAbsent(key, _ -> new ArrayList<>()).addAll(lines);
    }

    void release(FollowView view) {
        for (var entry : held.entrySet()) {
            release(entry.getKey(), entry.getValue(), false, view);
        }
        held.values().removeIf(List::isEmpty);
    }

    void logEnded(AttemptKey key, FollowView view) {
        open.remove(key);
        @Nullable List<LogText> rest = held.remove(key);
        if (rest != null) {
            release(key, rest, true, view);
        }
        @Nullable Job job = jobs.get(key.job());
        @Nullable Attempt attempt = job == null ? null : attempt(job, key.attempt());
        if (job != null && attempt != null) {
            view.logEnded(this, job, attempt);
        }
    }

    private void release(AttemptKey key, List<LogText> lines, boolean all, FollowView view) {
        @Nullable Job job = jobs.get(key.job());
        if (job == null) {
            return;
        }
        int known = 0;
        while (known < lines.size() && (all || step(job, lines.get(known)) != null)) {
            known++;
        }
        if (known > 0) {
            view.lines(this, job, List.copyOf(lines.subList(0, known)));
            lines.subList(0, known).clear();
        }
    }

    static @Nullable Attempt attempt(Job job, int number) {
        for (Attempt attempt : job.attempts()) {
            if (attempt.number() == number) {
                return attempt;
            }
        }
        return null;
    }

    /// The step that printed a line; null while the farm has not told of it.
    static @Nullable Step step(Job job, LogText line) {
        @Nullable Attempt attempt = attempt(job, line.attempt());
        if (attempt == null) {
            return null;
        }
        for (Step step : attempt.steps()) {
            if (step.number() == line.step()) {
                return step;
            }
        }
        return null;
    }

    /// The step's name, or its number when the farm never told it.
    static String stepName(Job job, LogText line) {
        @Nullable Step step = step(job, line);
        return step == null ? "step " + line.step() : step.name();
    }
}
