package dev.slipway.cli.inspect;

import dev.slipway.cli.client.AgentInfo;
import dev.slipway.cli.client.Farm;
import dev.slipway.cli.embedded.FarmAccess;
import dev.slipway.cli.report.RunJson;
import dev.slipway.cli.terminal.Ports;
import dev.slipway.cli.terminal.Terminal;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.io.IOException;

/// `slipway drain`.
@Command(
        description = {"What the agent runs goes on to its end."},
        footer = {"  slipway drain builder-3", "  slipway resume builder-3"})
public final class DrainCommand extends FarmCommandBase {
    @Parameters(paramLabel = "AGENT", description = "The agent's name or id.")
    private String agent = "";

    @Option(names = "--json", description = "Print the agent as a JSON object.")
    private boolean json;

    public DrainCommand(Terminal terminal) {
        super(terminal);
    }

    @Override
    int run(FarmAccess access, Ports ports) throws IOException, InterruptedException {
        try (Farm farm = access.farm()) {
            AgentInfo drained = farm.drain(agent);
            if (json) {
                terminal.print(RunJson.agent(drained));
            } else {
                terminal.message(
                        "%s gets no new jobs; it still runs %d."
                                .formatted(drained.name(), drained.busySlots()));
                terminal.hint(next("resume", drained.name()) + "    takes it back");
            }
            return 0;
        }
    }
}
