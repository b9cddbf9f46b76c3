package dev.slipway.cli.inspect;

import dev.slipway.cli.client.Farm;
import dev.slipway.cli.client.MemberInfo;
import dev.slipway.cli.embedded.FarmAccess;
import dev.slipway.cli.report.RunJson;
import dev.slipway.cli.report.Table;
import dev.slipway.cli.terminal.Ports;
import dev.slipway.cli.terminal.Terminal;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

import java.io.IOException;
import java.util.List;
import java.util.Optional;

/// `slipway members`.
@Command(
        footer = {
            "  slipway members --server 10.0.0.1:7433,10.0.0.2:7433",
            "  slipway members --json | jq 'select(.leads).address'"
        })
public final class MembersCommand extends FarmCommandBase {
    @Option(names = "--json", description = "Print one JSON object a line.")
    private boolean json;

    public MembersCommand(Terminal terminal) {
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
            List<MemberInfo> members = farm.members();
            if (json) {
                members.forEach(member -> terminal.print(RunJson.member(member)));
            } else {
                table(members).forEach(terminal::print);
            }
            return 0;
        }
    }

    private static List<String> table(List<MemberInfo> members) {
        var table = new Table("MEMBER", "ROLE", "ADDRESS", "EPOCH", "POSITION", "LAG", "VERSION");
        for (MemberInfo member : members) {
            table.row(
                    member.id(),
                    member.leads() ? "leader" : "standby",
                    member.address(),
                    Long.toString(member.epoch()),
                    Long.toString(member.position()),
                    member.controlLag() + "+" + member.outputLag(),
                    member.version());
        }
        return table.lines();
    }
}
