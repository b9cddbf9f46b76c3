package dev.slipway.cli.client;

import dev.slipway.cli.terminal.Terminal;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Option;

import java.util.List;
import java.util.Optional;

/// Which farm a command talks to: `--server`, else `SLIPWAY_SERVER`, else the embedded one.
public final class FarmOption {
    @Option(
            names = "--server",
            paramLabel = "HOST:PORT[,…]",
            description = {
                "The farm's coordinators (SLIPWAY_SERVER). Without one, the embedded farm on this"
                        + " machine."
            })
    private @Nullable String server;

    /// The coordinators' addresses; absent when the embedded farm is meant.
    public Optional<List<ServerAddress>> addresses(Terminal terminal) {
        return Optional.ofNullable(server)
                .or(() -> terminal.variable("SLIPWAY_SERVER"))
                .map(ServerAddress::parseAll);
    }

    /// What to put into a hint so that it can be pasted: `--server X ` or nothing.
    public String inHint() {
        return server == null ? "" : "--server " + server + " ";
    }
}
