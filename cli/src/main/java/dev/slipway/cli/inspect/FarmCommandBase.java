package dev.slipway.cli.inspect;

import dev.slipway.cli.client.FarmOption;
import dev.slipway.cli.embedded.FarmAccess;
import dev.slipway.cli.embedded.StateFolder;
import dev.slipway.cli.terminal.CliCommand;
import dev.slipway.cli.terminal.Ports;
import dev.slipway.cli.terminal.Terminal;

import picocli.CommandLine.Mixin;

import java.io.IOException;

/// What all commands that ask a farm share: `--server`, and ports that end with the command.
abstract class FarmCommandBase extends CliCommand {
    @Mixin protected FarmOption farmOption = new FarmOption();

    FarmCommandBase(Terminal terminal) {
        super(terminal);
    }

    @Override
    public final Integer call() throws IOException, InterruptedException {
        try (Ports ports = Ports.system()) {
            return run(
                    new FarmAccess(farmOption, StateFolder.of(terminal), terminal, ports), ports);
        }
    }

    /// @return the exit code
    abstract int run(FarmAccess access, Ports ports) throws IOException, InterruptedException;

    /// Who types: the farm believes it.
    final String who() {
        return terminal.variable("SLIPWAY_ACTOR")
                .or(() -> terminal.variable("USER"))
                .orElseGet(() -> System.getProperty("user.name", "unknown"));
    }

    /// `slipway NAME --server X REST`, ready to be pasted.
    final String next(String name, String rest) {
        return "slipway " + name + " " + farmOption.inHint() + rest;
    }
}
