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

/// `slipway resume`.
@Command(footer = {"  slipway resume builder-3"})
public final class ResumeCommand extends FarmCommandBase {
    @Parameters(paramLabel = "AGENT", description = "The agent's name or id.")
    private String agent = "";

    @Option(names = "--json", description = "Print the agent as a JSON object.")
    private boolean json;

    public ResumeCommand(Terminal terminal) {
        super(terminal);
    }

    @Override
    int run(FarmAccess access, Ports ports) throws IOException, InterruptedException {
        try (Farm farm = access.farm()) {
            AgentInfo resumed = farm.resume(agent);
            if (json) {
                terminal.print(RunJson.agent(resumed));
            } else {
                terminal.message(resumed.name() + " gets jobs again.");
            }
            return 0;
        }
    }
}
