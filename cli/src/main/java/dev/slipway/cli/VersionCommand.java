package dev.slipway.cli;

import dev.slipway.cli.terminal.CliCommand;
import dev.slipway.cli.terminal.Terminal;
import dev.slipway.cli.terminal.Version;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `slipway version`.
@Command(
        footer = {
            "  slipway version           slipway 0.1.0, and what it runs on",
            "  slipway version --json    the same for scripts"
        })
final class VersionCommand extends CliCommand {
    @Option(names = "--json", description = "Print one JSON object.")
    private boolean json;

    VersionCommand(Terminal terminal) {
        super(terminal);
    }

    @Override
    public Integer call() {
        String java = System.getProperty("java.vm.version", "unknown");
        String system = System.getProperty("os.name") + " " + System.getProperty("os.arch");
        if (json) {
            terminal.print(
                    "{\"version\":\"%s\",\"java\":\"%s\",\"system\":\"%s\"}"
                            .formatted(Version.current(), java, system));
        } else {
            terminal.print("slipway " + Version.current());
            terminal.print("java " + java + ", " + system);
        }
        return 0;
    }
}
