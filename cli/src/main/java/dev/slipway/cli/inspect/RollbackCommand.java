package dev.slipway.cli.inspect;

import dev.slipway.cli.client.Deliveries;
import dev.slipway.cli.client.DeliveryReads;
import dev.slipway.cli.client.Farm;
import dev.slipway.cli.embedded.FarmAccess;
import dev.slipway.cli.terminal.Ports;
import dev.slipway.cli.terminal.Terminal;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.io.IOException;

/// `slipway rollback`.
@Command(
        footer = {
            "  slipway rollback production            to what was good before",
            "  slipway rollback production --to 41    to deployment 41"
        })
public final class RollbackCommand extends FarmCommandBase {
    @Parameters(paramLabel = "ENVIRONMENT", description = "The environment.")
    private String environment = "";

    @Option(
            names = "--project",
            paramLabel = "NAME",
            description = "Its project, when several have such an environment.")
    private String project = "";

    @Option(
            names = "--to",
            paramLabel = "N",
            description =
                    "The number of the deployment that comes back (default: the good one before"
                            + " the current one).")
    private long to;

    public RollbackCommand(Terminal terminal) {
        super(terminal);
    }

    @Override
    int run(FarmAccess access, Ports ports) throws IOException, InterruptedException {
        try (Farm farm = access.farm()) {
            Deliveries.RolledBack rolled =
                    farm.deliveries()
                            .rollBack(
                                    new DeliveryReads.Filter(project, environment),
                                    to,
                                    ports.ids().fresh());
            terminal.message(
                    "Deployment %d to %s (%s) comes back: job %s of run %d runs again (attempt %d)."
                            .formatted(
                                    rolled.back().number(),
                                    rolled.back().environment(),
                                    DeploymentsCommand.version(rolled.back()),
                                    rolled.back().origin().job(),
                                    rolled.run(),
                                    rolled.runAttempt()));
            terminal.hint(next("logs", "-f " + rolled.run()) + "    follows it");
            return 0;
        }
    }
}
