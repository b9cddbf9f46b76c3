package dev.slipway.cli.follow;

import dev.slipway.cli.client.FarmReads;
import dev.slipway.cli.client.Job;
import dev.slipway.cli.client.LogText;
import dev.slipway.cli.client.RunDetail;
import dev.slipway.cli.report.RunJson;
import dev.slipway.cli.terminal.Paint;
import dev.slipway.cli.terminal.Terminal;

import org.jspecify.annotations.Nullable;

import java.io.PrintStream;
import java.util.HashSet;
import java.util.Set;

/// Prints log lines of one run, in the form that was asked for.
public final class LogLines {
    /// How a line is printed.
    public enum Format {
        /// The bytes, nothing else.
        RAW,
        /// `job | step | text`.
        PREFIXED,
        /// One object a line.
        JSON
    }

    private record StepKey(int job, int attempt, int step) {}

    private final Terminal terminal;
    private final FarmReads farm;
    private final long run;
    private final Format format;
    private final Paint paint;
    private final Set<StepKey> asked = new HashSet<>();
    private @Nullable RunDetail detail;
    private boolean empty = true;

    /// @param farm asked for the names of jobs and steps
    public LogLines(Terminal terminal, FarmReads farm, long run, Format format) {
        this.terminal = terminal;
        this.farm = farm;
        this.run = run;
        this.format = format;
        this.paint = terminal.paint();
    }

    /// Whether no line has come.
    public boolean isEmpty() {
        return empty;
    }

    public void print(LogText line) {
        empty = false;
        PrintStream out = terminal.out();
        switch (format) {
            case RAW -> {
                out.write(line.bytes(), 0, line.bytes().length);
                out.write('\n');
            }
            case PREFIXED -> {
                @Nullable Job job = job(line);
                String jobName = job == null ? "job " + line.job() : job.name();
                String stepName =
                        job == null ? "step " + line.step() : FollowedRun.stepName(job, line);
                out.print(paint.cyan(jobName + " | " + stepName + " | "));
                if (line.gap()) {
                    out.print(paint.yellow(line.text()));
                } else if (line.meta()) {
                    out.print(paint.own(line.text()));
                } else {
                    out.write(line.bytes(), 0, line.bytes().length);
                }
                out.write('\n');
            }
            case JSON -> {
                @Nullable Job job = job(line);
                terminal.print(
                        RunJson.line(
                                line,
                                job == null ? "" : job.name(),
                                job == null ? "" : FollowedRun.stepName(job, line)));
            }
        }
    }

    /// The job of a line; the farm is asked again, once, for a step that it had not told yet.
    private @Nullable Job job(LogText line) {
        boolean known =
                detail != null
                        && detail.job(line.job())
                                .filter(job -> FollowedRun.step(job, line) != null)
                                .isPresent();
        if (!known && asked.add(new StepKey(line.job(), line.attempt(), line.step()))) {
            try {
                detail = farm.get(run);
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
            }
        }
        return detail == null ? null : detail.job(line.job()).orElse(null);
    }
}
