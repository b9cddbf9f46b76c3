package dev.slipway.cli.inspect;

import dev.slipway.cli.client.FarmReads;
import dev.slipway.cli.client.Job;
import dev.slipway.cli.client.RunDetail;
import dev.slipway.cli.embedded.FarmAccess;
import dev.slipway.cli.report.RunJson;
import dev.slipway.cli.report.RunText;
import dev.slipway.cli.terminal.Ports;
import dev.slipway.cli.terminal.Terminal;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.io.IOException;
import java.util.Optional;

/// `slipway show`.
@Command(footer = {"  slipway show 12", "  slipway show 12 --json | jq -r '.jobs[].conclusion'"})
public final class ShowCommand extends FarmCommandBase {
    @Parameters(paramLabel = "RUN", description = "The run's number.")
    private long run;

    @Option(
            names = "--json",
            description = "Print one JSON object: run, status, conclusion, …, jobs.")
    private boolean json;

    public ShowCommand(Terminal terminal) {
        super(terminal);
    }

    @Override
    int run(FarmAccess access, Ports ports) throws IOException, InterruptedException {
        try (FarmReads farm = access.reads()) {
            RunDetail detail = farm.get(run);
            if (json) {
                terminal.print(RunJson.detail(detail));
            } else {
                RunText.of(detail, terminal.paint(), ports.clock().now()).forEach(terminal::print);
                hint(detail);
            }
            return 0;
        }
    }

    private void hint(RunDetail detail) {
        Optional<Job> failed =
                detail.jobs().stream()
                        .filter(job -> job.conclusion() != null && job.conclusion().isBad())
                        .findFirst();
        if (failed.isPresent()) {
            terminal.hint(next("logs", run + " --job '" + failed.get().name() + "'"));
        } else if (!detail.run().isFinished()) {
            terminal.hint(next("logs", "-f " + run) + "    or    " + next("explain", "" + run));
        }
    }
}
