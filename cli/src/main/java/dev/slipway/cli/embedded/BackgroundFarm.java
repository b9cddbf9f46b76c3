package dev.slipway.cli.embedded;

import dev.slipway.cli.client.ServerAddress;
import dev.slipway.cli.terminal.Ports;
import dev.slipway.error.ErrorCode;
import dev.slipway.error.SlipwayException;

import org.jspecify.annotations.Nullable;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Starts the embedded farm as a process of its own (`slipway farm`), in a session of its own, so
/// that neither Ctrl-C nor the end of the terminal reaches it.
final class BackgroundFarm {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration PAUSE = Duration.ofMillis(50);

    private final StateFolder state;
    private final Ports ports;

    BackgroundFarm(StateFolder state, Ports ports) {
        this.state = state;
        this.ports = ports;
    }

    /// Starts it and waits until it serves.
    ServerAddress start() throws IOException, InterruptedException {
        Process process = launch(null);
        Duration end = ports.clock().uptime().plus(PATIENCE);
        while (true) {
            Optional<ServerAddress> live = state.live();
            if (live.isPresent()) {
                return live.get();
            }
            boolean failed = !process.isAlive() && process.exitValue() != 0;
            if (failed || ports.clock().uptime().compareTo(end) > 0) {
                throw new SlipwayException(
                        ErrorCode.FARM_UNREACHABLE,
                        "the embedded farm did not start; its last words (in "
                                + output()
                                + "): "
                                + lastWords());
            }
            ports.timers().pause(PAUSE);
        }
    }

    /// Starts it to take over what this process serves, at the same address; it waits for the lock.
    void takeOver(ServerAddress address) throws IOException {
        launch(address);
    }

    private Process launch(@Nullable ServerAddress address) throws IOException {
        state.create();
        var command = new ArrayList<>(List.of("setsid"));
        command.addAll(OwnProgram.command());
        command.add("farm");
        if (address != null) {
            command.add("--listen");
            command.add(address.toString());
        }
        var builder =
                new ProcessBuilder(command)
                        .directory(state.path().toFile())
                        .redirectInput(new File("/dev/null"))
                        .redirectErrorStream(true)
                        .redirectOutput(output().toFile());
        builder.environment().put("SLIPWAY_STATE", state.path().toString());
        builder.environment().remove("SLIPWAY_SERVER");
        return builder.start();
    }

    private Path output() {
        return state.path().resolve("farm.out");
    }

    private String lastWords() throws IOException {
        if (!Files.exists(output())) {
            return "none";
        }
        String said = Files.readString(output()).strip();
        return said.isEmpty() ? "none" : said.substring(Math.max(0, said.length() - 2000));
    }
}
