package dev.slipway.cli.inspect;

import dev.slipway.cli.client.Conclusion;
import dev.slipway.cli.client.FarmReads;
import dev.slipway.cli.client.Run;
import dev.slipway.cli.client.RunFilter;
import dev.slipway.cli.client.Status;
import dev.slipway.cli.embedded.FarmAccess;
import dev.slipway.cli.report.Durations;
import dev.slipway.cli.report.Marks;
import dev.slipway.cli.report.RunJson;
import dev.slipway.cli.report.Table;
import dev.slipway.cli.terminal.Ports;
import dev.slipway.cli.terminal.Terminal;
import dev.slipway.error.ErrorCode;
import dev.slipway.error.SlipwayException;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

import java.io.IOException;
import java.time.Instant;
import java.util.List;

/// `slipway runs`.
@Command(
        footer = {
            "  slipway runs",
            "  slipway runs --branch main --conclusion failure --limit 5",
            "  slipway runs --since 24h --json"
        })
public final class RunsCommand extends FarmCommandBase {
    @Option(names = "--project", paramLabel = "NAME", description = "Only this project's.")
    private String project = "";

    @Option(
            names = "--workflow",
            paramLabel = "NAME",
            description = "Only this workflow's; its name or its file's path.")
    private String workflow = "";

    @Option(names = "--branch", paramLabel = "NAME", description = "Only this branch's.")
    private String branch = "";

    @Option(
            names = "--status",
            paramLabel = "STATUS",
            description = "Only these: ${COMPLETION-CANDIDATES}.")
    private @Nullable Status status;

    @Option(
            names = "--conclusion",
            paramLabel = "CONCLUSION",
            description = "Only these: ${COMPLETION-CANDIDATES}.")
    private @Nullable Conclusion conclusion;

    @Option(
            names = "--since",
            paramLabel = "TIME",
            description =
                    "Only those queued after this: 90m, 24h, 7d (ago), 2026-11-24 or"
                            + " 2026-11-24T10:00:00Z.")
    private @Nullable String since;

    @Option(names = "--until", paramLabel = "TIME", description = "Only those queued before this.")
    private @Nullable String until;

    @Option(
            names = "--limit",
            paramLabel = "N",
            defaultValue = "30",
            description = "At most so many (default: 30).")
    private int limit = 30;

    @Option(names = "--json", description = "Print one JSON object a line.")
    private boolean json;

    public RunsCommand(Terminal terminal) {
        super(terminal);
    }

    @Override
    int run(FarmAccess access, Ports ports) throws IOException, InterruptedException {
        if (limit < 1) {
            throw new SlipwayException(
                    ErrorCode.INVALID_ARGUMENT, "--limit must be at least 1, not " + limit);
        }
        var filter =
                new RunFilter(
                        project,
                        workflow,
                        branch,
                        status,
                        conclusion,
                        TimeOption.read("--since", since, ports.clock().now()),
                        TimeOption.read("--until", until, ports.clock().now()),
                        limit);
        try (FarmReads farm = access.reads()) {
            List<Run> runs = farm.list(filter);
            if (json) {
                runs.forEach(run -> terminal.print(RunJson.run(run)));
            } else if (runs.isEmpty()) {
                terminal.message(nothing());
            } else {
                table(runs, ports.clock().now()).forEach(terminal::print);
                terminal.hint(next("show", Long.toString(runs.getFirst().number())));
            }
            return 0;
        }
    }

    private String nothing() {
        boolean filtered =
                !(project + workflow + branch).isEmpty()
                        || status != null
                        || conclusion != null
                        || since != null
                        || until != null;
        return filtered
                ? "No run matches; `slipway runs` lists all."
                : "No runs. `slipway run` runs the project in this folder.";
    }

    private List<String> table(List<Run> runs, Instant now) {
        var table =
                new Table("RUN", "STATUS", "WORKFLOW", "TITLE", "REF", "EVENT", "TOOK", "QUEUED");
        for (Run run : runs) {
            table.row(
                    Long.toString(run.number()),
                    Marks.sign(run.status(), run.conclusion(), terminal.paint())
                            + " "
                            + Marks.word(run.status(), run.conclusion()),
                    run.workflowName(),
                    shorten(run.title()),
                    run.shortRef(),
                    run.event(),
                    Durations.between(run.startedAt(), run.finishedAt(), now),
                    Durations.ago(run.queuedAt(), now));
        }
        return table.lines();
    }

    private static String shorten(String title) {
        String line = title.lines().findFirst().orElse("");
        return line.length() <= 50 ? line : line.substring(0, 49) + "…";
    }
}
