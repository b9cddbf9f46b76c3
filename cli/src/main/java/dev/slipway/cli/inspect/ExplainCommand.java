package dev.slipway.cli.inspect;

import dev.slipway.cli.client.Farm;
import dev.slipway.cli.client.FarmReads;
import dev.slipway.cli.client.WaitReason;
import dev.slipway.cli.embedded.FarmAccess;
import dev.slipway.cli.report.RunJson;
import dev.slipway.cli.terminal.Ports;
import dev.slipway.cli.terminal.Terminal;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.io.IOException;
import java.util.List;

/// `slipway explain`.
@Command(footer = {"  slipway explain 12", "  slipway explain 12 --job deploy"})
public final class ExplainCommand extends FarmCommandBase {
    @Parameters(paramLabel = "RUN", description = "The run's number.")
    private long run;

    @Option(names = "--job", paramLabel = "JOB", description = "Only this job, by key or name.")
    private String job = "";

    @Option(names = "--json", description = "Print one JSON object a line.")
    private boolean json;

    public ExplainCommand(Terminal terminal) {
        super(terminal);
    }

    /// A farm that nobody serves has nothing that waits.
    private List<WaitReason> reasons(FarmReads farm) throws InterruptedException {
        if (farm instanceof Farm living) {
            return living.explain(run, job);
        }
        farm.get(run);
        return List.of();
    }

    @Override
    int run(FarmAccess access, Ports ports) throws IOException, InterruptedException {
        try (FarmReads farm = access.reads()) {
            List<WaitReason> reasons = reasons(farm);
            for (WaitReason reason : reasons) {
                if (json) {
                    terminal.print(RunJson.reason(reason));
                    continue;
                }
                terminal.print(
                        terminal.paint().bold(reason.job())
                                + " ("
                                + reason.status().word()
                                + "): "
                                + reason.reason());
                if (!reason.advice().isEmpty()) {
                    terminal.print("    " + reason.advice());
                }
            }
            if (reasons.isEmpty()) {
                terminal.message("Nothing waits in run " + run + ".");
            }
            return 0;
        }
    }
}
