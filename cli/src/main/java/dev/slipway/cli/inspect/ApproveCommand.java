package dev.slipway.cli.inspect;

import dev.slipway.cli.client.Deliveries;
import dev.slipway.cli.client.Farm;
import dev.slipway.cli.embedded.FarmAccess;
import dev.slipway.cli.terminal.Ports;
import dev.slipway.cli.terminal.Terminal;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.io.IOException;
import java.util.List;

/// `slipway approve`.
@Command(
        footer = {
            "  slipway approve 12               everything in it that waits for an environment",
            "  slipway approve 12 --job deploy",
            "  slipway approve 12 --reject --comment 'not on a Friday'"
        })
public final class ApproveCommand extends FarmCommandBase {
    @Parameters(paramLabel = "RUN", description = "The run's number.")
    private long run;

    @Option(names = "--job", paramLabel = "JOB", description = "Only this job, by key or name.")
    private String job = "";

    @Option(names = "--reject", description = "Reject instead: the jobs fail.")
    private boolean reject;

    @Option(names = "--comment", paramLabel = "TEXT", description = "What you say to it.")
    private String comment = "";

    public ApproveCommand(Terminal terminal) {
        super(terminal);
    }

    @Override
    int run(FarmAccess access, Ports ports) throws IOException, InterruptedException {
        try (Farm farm = access.farm()) {
            List<String> jobs =
                    farm.deliveries()
                            .review(new Deliveries.Review(run, job, reject, comment, who()));
            terminal.message(
                    (reject ? "Rejected: " : "Approved: ") + String.join(", ", jobs) + ".");
            terminal.hint(next("explain", Long.toString(run)) + "    says what still waits");
            return 0;
        }
    }
}
