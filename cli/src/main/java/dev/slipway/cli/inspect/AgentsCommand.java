package dev.slipway.cli.inspect;

import dev.slipway.cli.client.AgentInfo;
import dev.slipway.cli.client.Farm;
import dev.slipway.cli.embedded.FarmAccess;
import dev.slipway.cli.report.Durations;
import dev.slipway.cli.report.RunJson;
import dev.slipway.cli.report.Table;
import dev.slipway.cli.terminal.Ports;
import dev.slipway.cli.terminal.Terminal;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// `slipway agents`.
@Command(footer = {"  slipway agents", "  slipway agents --json | jq -r .name"})
public final class AgentsCommand extends FarmCommandBase {
    @Option(names = "--json", description = "Print one JSON object a line.")
    private boolean json;

    public AgentsCommand(Terminal terminal) {
        super(terminal);
    }

    @Override
    int run(FarmAccess access, Ports ports) throws IOException, InterruptedException {
        Optional<Farm> living = access.living();
        if (living.isEmpty()) {
            terminal.message(
                    "No farm runs here: the embedded one lives only while something runs. --server"
                            + " names another.");
            return 0;
        }
        try (Farm farm = living.get()) {
            List<AgentInfo> agents = farm.agents();
            if (json) {
                agents.forEach(agent -> terminal.print(RunJson.agent(agent)));
            } else if (agents.isEmpty()) {
                terminal.message("No agents. `slipway agent --coordinator HOST:PORT` starts one.");
            } else {
                table(agents, ports.clock().now()).forEach(terminal::print);
                agents.stream().filter(AgentsCommand::needsReason).forEach(this::explain);
            }
            return 0;
        }
    }

    /// The other states say it all.
    private static boolean needsReason(AgentInfo agent) {
        return agent.state().equals("quarantined") || agent.state().equals("unavailable");
    }

    private void explain(AgentInfo agent) {
        terminal.message(agent.name() + " gets no jobs: " + agent.reason());
        if (agent.state().equals("quarantined")) {
            terminal.hint("slipway resume " + farmOption.inHint() + agent.name());
        }
    }

    private static List<String> table(List<AgentInfo> agents, Instant now) {
        var table = new Table("NAME", "STATE", "SLOTS", "LABELS", "SYSTEM", "SEEN", "RUNS");
        for (AgentInfo agent : agents) {
            table.row(
                    agent.name(),
                    agent.state(),
                    agent.busySlots() + "/" + agent.slots(),
                    String.join(",", agent.labels()),
                    agent.os() + "/" + agent.arch(),
                    Durations.ago(agent.lastSeenAt(), now),
                    String.join(" ", agent.attempts()));
        }
        return table.lines();
    }
}
