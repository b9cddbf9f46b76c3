package dev.slipway.cli.follow;

import dev.slipway.cli.client.Attempt;
import dev.slipway.cli.client.Conclusion;
import dev.slipway.cli.client.Job;
import dev.slipway.cli.client.LogText;
import dev.slipway.cli.client.Run;
import dev.slipway.cli.client.Step;
import dev.slipway.cli.report.Durations;
import dev.slipway.cli.report.Marks;
import dev.slipway.cli.terminal.Paint;
import dev.slipway.cli.terminal.Terminal;
import dev.slipway.time.Clock;

import org.jspecify.annotations.Nullable;

import java.io.PrintStream;
import java.util.List;
import java.util.function.Predicate;

/// Plain lines, each with its job and step in front: for pipes and files, and for `logs -f`.
public final class PlainView implements FollowView {
    private final Terminal terminal;
    private final Clock clock;
    private final boolean severalRuns;
    private final Predicate<String> wanted;
    private final Runnable whenUnread;
    private final Paint paint;

    /// @param severalRuns puts the workflow in front as well
    /// @param wanted which lines to print
    /// @param whenUnread called when whoever read the output (`| head`) has gone away
    public PlainView(
            Terminal terminal,
            Clock clock,
            boolean severalRuns,
            Predicate<String> wanted,
            Runnable whenUnread) {
        this.terminal = terminal;
        this.clock = clock;
        this.severalRuns = severalRuns;
        this.wanted = wanted;
        this.whenUnread = whenUnread;
        this.paint = terminal.paint();
    }

    @Override
    public void runChanged(FollowedRun run) {
        // The end is said by whoever follows.
    }

    @Override
    public void jobChanged(FollowedRun run, @Nullable Job before, Job after) {
        String prefix = paint.cyan(prefix(run, after));
        @Nullable Attempt attempt = after.latest();
        int begunBefore = before == null ? 0 : before.attempts().size();
        if (attempt != null && after.attempts().size() > begunBefore && !after.isFinished()) {
            String again = attempt.number() > 1 ? ", attempt " + attempt.number() : "";
            say(prefix + "starts on " + attempt.agent() + again);
        }
        for (Step step : attempt == null ? List.<Step>of() : attempt.steps()) {
            if (failedNow(step, before)) {
                say(prefix + step.name() + " | " + paint.red("✗ failed"));
            }
        }
        if (after.isFinished() && (before == null || !before.isFinished())) {
            String took = Durations.between(after.startedAt(), after.finishedAt(), clock.now());
            say(
                    prefix
                            + Marks.sign(after.status(), after.conclusion(), paint)
                            + " "
                            + Marks.word(after.status(), after.conclusion())
                            + (took.isEmpty() ? "" : " in " + took)
                            + (after.message().isEmpty() ? "" : ": " + after.message()));
        }
        terminal.flush();
    }

    private static boolean failedNow(Step step, @Nullable Job before) {
        if (!step.isFinished() || step.outcome() != Conclusion.FAILURE) {
            return false;
        }
        @Nullable Attempt known = before == null ? null : before.latest();
        return known == null
                || known.steps().stream()
                        .noneMatch(old -> old.number() == step.number() && old.isFinished());
    }

    private void say(String line) {
        terminal.print(line);
    }

    private String prefix(FollowedRun run, Job job) {
        @Nullable Run record = run.run();
        return severalRuns && record != null
                ? record.workflowName() + "/" + job.name() + " | "
                : job.name() + " | ";
    }

    @Override
    public void lines(FollowedRun run, Job job, List<LogText> lines) {
        PrintStream out = terminal.out();
        for (LogText line : lines) {
            String text = line.text();
            if (wanted.test(text)) {
                String prefix = prefix(run, job) + FollowedRun.stepName(job, line) + " | ";
                out.print(paint.cyan(prefix));
                if (line.gap()) {
                    out.print(paint.yellow(text));
                } else if (line.meta()) {
                    out.print(paint.own(text));
                } else {
                    out.write(line.bytes(), 0, line.bytes().length);
                }
                out.println();
            }
        }
        if (!terminal.flush()) {
            whenUnread.run();
        }
    }

    @Override
    public void logEnded(FollowedRun run, Job job, Attempt attempt) {
        terminal.flush();
    }

    @Override
    public void message(String text) {
        terminal.message(text);
    }

    @Override
    public void tick() {
        // Nothing changes by itself.
    }

    @Override
    public boolean isLive() {
        return false;
    }

    @Override
    public void end() {
        terminal.flush();
    }
}
