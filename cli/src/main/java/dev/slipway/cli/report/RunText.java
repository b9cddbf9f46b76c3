package dev.slipway.cli.report;

import dev.slipway.cli.client.Annotation;
import dev.slipway.cli.client.Attempt;
import dev.slipway.cli.client.Conclusion;
import dev.slipway.cli.client.Job;
import dev.slipway.cli.client.Run;
import dev.slipway.cli.client.RunDetail;
import dev.slipway.cli.client.Step;
import dev.slipway.cli.client.TestReport;
import dev.slipway.cli.terminal.Paint;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/// What `slipway show` prints about a run.
public final class RunText {
    private static final int SHORT_SHA = 8;

    private final Paint paint;
    private final Instant now;
    private final List<String> lines = new ArrayList<>();

    private RunText(Paint paint, Instant now) {
        this.paint = paint;
        this.now = now;
    }

    /// @param now what durations of unfinished things are counted to
    public static List<String> of(RunDetail detail, Paint paint, Instant now) {
        var text = new RunText(paint, now);
        text.head(detail.run());
        detail.jobs().forEach(text::job);
        detail.jobs().forEach(text::annotations);
        detail.jobs().forEach(text::tests);
        detail.jobs().forEach(text::outputs);
        detail.jobs().forEach(text::summaries);
        return text.lines;
    }

    private void head(Run run) {
        String title = run.title().isEmpty() ? run.workflowName() : run.title();
        lines.add(paint.bold("Run " + run.number() + ": " + title));
        String sha = run.sha().substring(0, Math.min(SHORT_SHA, run.sha().length()));
        lines.add(
                "%s (%s) · %s on %s at %s by %s"
                        .formatted(
                                run.workflowName(),
                                run.workflowPath(),
                                run.event(),
                                run.shortRef(),
                                sha,
                                run.actor()));
        var state = new StringBuilder();
        state.append(Marks.sign(run.status(), run.conclusion(), paint))
                .append(' ')
                .append(Marks.word(run.status(), run.conclusion()));
        String took = Durations.between(run.queuedAt(), run.finishedAt(), now);
        if (!took.isEmpty()) {
            state.append(run.isFinished() ? " in " : " for ").append(took);
        }
        if (run.runAttempt() > 1) {
            state.append(", attempt ").append(run.runAttempt());
        }
        if (run.cancelRequested() && !run.isFinished()) {
            state.append(", cancel requested");
        }
        if (!run.blockedBy().isEmpty()) {
            state.append(", waits for run ").append(run.blockedBy().getFirst());
        }
        lines.add(state.toString());
        if (!run.message().isEmpty()) {
            lines.add(run.message());
        }
        lines.add("");
    }

    private void job(Job job) {
        lines.add(
                jobLine(job, paint, now)
                        + (job.latest() == null || job.latest().agent().isEmpty()
                                ? ""
                                : paint.dim("  on " + job.latest().agent())));
        if (!job.message().isEmpty()) {
            lines.add("    " + job.message());
        }
        if (!job.environment().isEmpty()) {
            lines.add("    environment " + job.environment() + " " + job.environmentUrl());
        }
        for (Attempt attempt : job.attempts()) {
            if (job.attempts().size() > 1 || isUnusual(attempt)) {
                lines.add("    " + attemptLine(attempt));
            }
        }
        if (job.latest() != null) {
            for (Step step : job.latest().steps()) {
                lines.add("    " + stepLine(step, paint, now));
            }
        }
    }

    /// `✓ build 12s`.
    public static String jobLine(Job job, Paint paint, Instant now) {
        String took = Durations.between(job.startedAt(), job.finishedAt(), now);
        String word = Marks.word(job.status(), job.conclusion());
        return Marks.sign(job.status(), job.conclusion(), paint)
                + " "
                + paint.bold(job.name())
                + "  "
                + paint.dim(took.isEmpty() ? word : word + " " + took);
    }

    /// `✓ Run make 12s`.
    public static String stepLine(Step step, Paint paint, Instant now) {
        String note =
                step.outcome() == Conclusion.FAILURE && step.conclusion() == Conclusion.SUCCESS
                        ? paint.yellow(" failed, but may")
                        : "";
        return Marks.sign(step.status(), step.conclusion(), paint)
                + " "
                + step.name()
                + "  "
                + paint.dim(Durations.between(step.startedAt(), step.finishedAt(), now))
                + note;
    }

    private static boolean isUnusual(Attempt attempt) {
        return attempt.logIncomplete()
                || !(attempt.cause().isEmpty()
                        || attempt.cause().equals("success")
                        || attempt.cause().equals("user_failure"));
    }

    private String attemptLine(Attempt attempt) {
        String why = attempt.causeDetail().isEmpty() ? attempt.cause() : attempt.causeDetail();
        return "attempt %d: %s%s%s%s"
                .formatted(
                        attempt.number(),
                        Marks.word(attempt.status(), attempt.conclusion()),
                        why.isEmpty() ? "" : " (" + why + ")",
                        attempt.agent().isEmpty() ? "" : " on " + attempt.agent(),
                        attempt.logIncomplete() ? ", its log has a gap" : "");
    }

    private void annotations(Job job) {
        Attempt latest = job.latest();
        if (latest == null || latest.annotations().isEmpty()) {
            return;
        }
        lines.add("");
        lines.add("Annotations of " + job.name() + ":");
        latest.annotations().forEach(one -> lines.add("  " + annotation(one, paint)));
    }

    /// `error src/a.c:3: message`.
    public static String annotation(Annotation one, Paint paint) {
        String level =
                switch (one.level()) {
                    case "error" -> paint.red("error");
                    case "warning" -> paint.yellow("warning");
                    default -> paint.cyan(one.level());
                };
        String place = one.place().isEmpty() ? "" : " " + one.place();
        String title = one.title().isEmpty() ? "" : one.title() + ": ";
        return level + place + ": " + title + one.message();
    }

    private void tests(Job job) {
        TestReport tests = job.latest() == null ? null : job.latest().tests();
        if (tests == null) {
            return;
        }
        lines.add("");
        lines.add(
                "Tests of %s: %d passed, %d failed, %d errored, %d skipped in %s"
                        .formatted(
                                job.name(),
                                tests.passed(),
                                tests.failed(),
                                tests.errored(),
                                tests.skipped(),
                                Durations.text(tests.duration())));
        for (TestReport.Failure failure : tests.failures()) {
            String place = failure.line() > 0 ? ":" + failure.line() : "";
            lines.add(
                    "  %s %s.%s%s"
                            .formatted(
                                    paint.red("✗"),
                                    failure.suite(),
                                    failure.name(),
                                    failure.file().isEmpty()
                                            ? ""
                                            : " (" + failure.file() + place + ")"));
            failure.message().lines().limit(3).forEach(line -> lines.add("      " + line));
        }
    }

    private void outputs(Job job) {
        if (!job.outputs().isEmpty()) {
            lines.add("");
            lines.add("Outputs of " + job.name() + ":");
            job.outputs().forEach((name, value) -> lines.add("  " + name + "=" + value));
        }
    }

    private void summaries(Job job) {
        if (job.latest() == null) {
            return;
        }
        for (Attempt.Summary summary : job.latest().summaries()) {
            lines.add("");
            lines.add("Summary of " + job.name() + ":");
            summary.markdown().lines().forEach(line -> lines.add("  " + line));
        }
    }
}
