package dev.slipway.cli.follow;

import dev.slipway.cli.client.Attempt;
import dev.slipway.cli.client.Conclusion;
import dev.slipway.cli.client.Job;
import dev.slipway.cli.client.LogText;
import dev.slipway.cli.client.Run;
import dev.slipway.cli.client.Status;
import dev.slipway.cli.client.Step;
import dev.slipway.cli.report.Durations;
import dev.slipway.cli.report.Marks;
import dev.slipway.cli.report.RunText;
import dev.slipway.cli.terminal.Paint;
import dev.slipway.cli.terminal.Terminal;
import dev.slipway.time.Clock;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// A tree of runs, jobs and steps that moves: running steps with their last line, durations that
/// count, and the log of every step that fails.
public final class TreeView implements FollowView {
    /// Lines of a failing step that are shown; `slipway logs` has them all.
    private static final int SHOWN_LINES = 50;

    private static final String GROUP_END = "##[endgroup]";
    private static final int TICKS_PER_SECOND = 10;

    private final Clock clock;
    private final Paint paint;
    private final Screen screen;
    private final Map<Long, FollowedRun> runs = new LinkedHashMap<>();
    private final Map<StepKey, Deque<String>> tails = new HashMap<>();
    private boolean changed;
    private int ticks;

    private record StepKey(long run, int job, int attempt, int step) {}

    public TreeView(Terminal terminal, Clock clock) {
        this.clock = clock;
        this.paint = terminal.paint();
        this.screen = new Screen(terminal);
    }

    @Override
    public void runChanged(FollowedRun run) {
        runs.put(run.number(), run);
        changed = true;
    }

    @Override
    public void jobChanged(FollowedRun run, @Nullable Job before, Job after) {
        runs.put(run.number(), run);
        changed = true;
    }

    @Override
    public void lines(FollowedRun run, Job job, List<LogText> lines) {
        for (LogText line : lines) {
            if (line.meta() && line.text().equals(GROUP_END)) {
                continue;
            }
            var key = new StepKey(run.number(), job.ordinal(), line.attempt(), line.step());
            Deque<String> tail = tails.computeIfAbsent(key, _ -> new ArrayDeque<>());
            tail.addLast(line.text());
            if (tail.size() > SHOWN_LINES) {
                tail.removeFirst();
            }
        }
        changed = true;
    }

    @Override
    public void logEnded(FollowedRun run, Job job, Attempt attempt) {
        for (Step step : attempt.steps()) {
            var key = new StepKey(run.number(), job.ordinal(), attempt.number(), step.number());
            @Nullable Deque<String> tail = tails.remove(key);
            if (step.outcome() == Conclusion.FAILURE && tail != null) {
                expand(job, step, tail);
            }
        }
    }

    private void expand(Job job, Step step, Deque<String> tail) {
        var lines = new ArrayList<String>();
        lines.add(paint.red("✗ ") + paint.bold(job.name() + " › " + step.name()));
        if (tail.size() == SHOWN_LINES) {
            lines.add(paint.dim("    … the last " + SHOWN_LINES + " lines:"));
        }
        tail.forEach(line -> lines.add("    " + line));
        lines.add("");
        screen.printAbove(lines);
        changed = true;
    }

    @Override
    public void message(String text) {
        screen.printAbove(List.of(text));
        changed = true;
    }

    @Override
    public void tick() {
        ticks++;
        if (changed || ticks % TICKS_PER_SECOND == 0) {
            changed = false;
            List<String> frame = frame(true, false);
            screen.draw(screen.fits(frame) ? frame : frame(true, true));
        }
    }

    @Override
    public boolean isLive() {
        return true;
    }

    @Override
    public void end() {
        screen.end();
        screen.printAbove(frame(false, false));
    }

    /// @param folded jobs that have ended take one line together, so that the others are seen
    private List<String> frame(boolean live, boolean folded) {
        var lines = new ArrayList<String>();
        Instant now = clock.now();
        for (FollowedRun run : runs.values()) {
            @Nullable Run record = run.run();
            if (record != null) {
                lines.add(head(record, now));
            }
            long ended = run.jobs().stream().filter(Job::isFinished).count();
            if (folded && ended > 0) {
                lines.add(paint.dim("  … " + ended + " jobs have ended"));
            }
            for (Job job : run.jobs()) {
                if (folded && job.isFinished()) {
                    continue;
                }
                lines.add("  " + RunText.jobLine(job, paint, now));
                if (!job.message().isEmpty() && job.conclusion() != Conclusion.SUCCESS) {
                    lines.add("      " + paint.dim(job.message()));
                }
                boolean failed = job.conclusion() != null && job.conclusion().isBad();
                @Nullable Attempt attempt = job.latest();
                if (attempt != null && (failed || (live && !job.isFinished()))) {
                    steps(run, job, attempt, lines, now);
                }
            }
        }
        return lines;
    }

    private String head(Run run, Instant now) {
        return Marks.sign(run.status(), run.conclusion(), paint)
                + " "
                + paint.bold(run.title().isEmpty() ? run.workflowName() : run.title())
                + paint.dim(
                        "  run "
                                + run.number()
                                + ", "
                                + Marks.word(run.status(), run.conclusion())
                                + " "
                                + Durations.between(run.queuedAt(), run.finishedAt(), now));
    }

    private void steps(FollowedRun run, Job job, Attempt attempt, List<String> lines, Instant now) {
        for (Step step : attempt.steps()) {
            lines.add("      " + RunText.stepLine(step, paint, now));
            var key = new StepKey(run.number(), job.ordinal(), attempt.number(), step.number());
            @Nullable Deque<String> tail = tails.get(key);
            if (step.status() == Status.RUNNING && tail != null && !tail.isEmpty()) {
                lines.add("          " + paint.dim(plain(tail.peekLast())));
            }
        }
    }

    /// A program's own colours and tabs would spoil the tree.
    private static String plain(String line) {
        return Paint.plain(line).replace('\t', ' ').strip();
    }
}
