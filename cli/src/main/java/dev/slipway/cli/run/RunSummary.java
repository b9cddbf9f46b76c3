package dev.slipway.cli.run;

import dev.slipway.cli.client.Annotation;
import dev.slipway.cli.client.ArtifactInfo;
import dev.slipway.cli.client.Attempt;
import dev.slipway.cli.client.Conclusion;
import dev.slipway.cli.client.Job;
import dev.slipway.cli.client.Run;
import dev.slipway.cli.client.RunDetail;
import dev.slipway.cli.client.Step;
import dev.slipway.cli.report.Durations;
import dev.slipway.cli.report.Marks;
import dev.slipway.cli.report.RunText;
import dev.slipway.cli.terminal.Paint;
import dev.slipway.cli.terminal.Terminal;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.List;

/// The last words about a run: how it ended, what failed, and what to type next.
final class RunSummary {
    private static final int SHOWN_ANNOTATIONS = 10;

    private final Terminal terminal;
    private final String server;

    /// @param server what to put into hints, see {@link dev.slipway.cli.client.FarmOption#inHint}
    RunSummary(Terminal terminal, String server) {
        this.terminal = terminal;
        this.server = server;
    }

    void print(RunDetail detail, List<ArtifactInfo> artifacts, Instant now) {
        Paint paint = terminal.messagePaint();
        Run run = detail.run();
        String took = Durations.between(run.queuedAt(), run.finishedAt(), now);
        terminal.message(
                "%s %s: %s in %s (run %d)"
                        .formatted(
                                Marks.sign(run.status(), run.conclusion(), paint),
                                paint.bold(run.workflowName()),
                                Marks.word(run.status(), run.conclusion()),
                                took,
                                run.number()));
        if (!run.message().isEmpty()) {
            terminal.message("  " + run.message());
        }
        annotations(detail, paint);
        @Nullable Job failed = null;
        for (Job job : detail.jobs()) {
            if (job.conclusion() != null && job.conclusion().isBad()) {
                terminal.message(
                        "  " + Marks.sign(job.status(), job.conclusion(), paint) + " " + why(job));
                failed = failed == null ? job : failed;
            }
        }
        next(run, failed, artifacts);
    }

    /// `test (17): Run tests failed`.
    private static String why(Job job) {
        @Nullable Attempt attempt = job.latest();
        if (attempt != null) {
            for (Step step : attempt.steps()) {
                if (step.conclusion() != null && step.conclusion().isBad()) {
                    return job.name()
                            + ": "
                            + step.name()
                            + (step.conclusion() == Conclusion.FAILURE
                                    ? " failed"
                                    : " " + Marks.word(step.status(), step.conclusion()));
                }
            }
            if (!attempt.causeDetail().isEmpty()) {
                return job.name() + ": " + attempt.causeDetail();
            }
        }
        return job.name()
                + ": "
                + (job.message().isEmpty()
                        ? Marks.word(job.status(), job.conclusion())
                        : job.message());
    }

    private void annotations(RunDetail detail, Paint paint) {
        int shown = 0;
        for (Job job : detail.jobs()) {
            List<Annotation> all = job.latest() == null ? List.of() : job.latest().annotations();
            for (Annotation one : all) {
                if (shown++ < SHOWN_ANNOTATIONS) {
                    terminal.message("  " + RunText.annotation(one, paint));
                }
            }
        }
        if (shown > SHOWN_ANNOTATIONS) {
            terminal.message("  … " + (shown - SHOWN_ANNOTATIONS) + " more annotations");
        }
    }

    private void next(Run run, @Nullable Job failed, List<ArtifactInfo> artifacts) {
        if (failed != null) {
            terminal.hint(
                    "slipway logs "
                            + server
                            + run.number()
                            + " --job '"
                            + failed.name()
                            + "'    slipway rerun "
                            + server
                            + run.number()
                            + " --failed");
        } else if (!artifacts.isEmpty()) {
            terminal.hint(
                    "slipway artifacts "
                            + server
                            + run.number()
                            + " --download "
                            + artifacts.getFirst().name());
        } else {
            terminal.hint("slipway show " + server + run.number());
        }
    }
}
