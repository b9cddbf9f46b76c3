package dev.slipway.cli.serve;

import dev.slipway.cli.terminal.CliCommand;
import dev.slipway.cli.terminal.Terminal;
import dev.slipway.coordinator.secrets.SecretBox;
import dev.slipway.error.ErrorCode;
import dev.slipway.error.SlipwayException;

import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

import java.nio.file.Files;
import java.nio.file.Path;

/// `slipway key-file`.
@Command(
        description = {
            "Makes a file with new keys that seal secrets, readable by its owner only. A"
                    + " coordinator makes its own; the coordinators of a cluster share one: make it"
                    + " once, copy it to all machines, and keep it apart from the data."
        },
        footer = {"  slipway key-file /etc/slipway/keys"})
public final class KeyFileCommand extends CliCommand {
    @Parameters(paramLabel = "FILE", description = "Where; must not exist.")
    private Path file = Path.of("");

    public KeyFileCommand(Terminal terminal) {
        super(terminal);
    }

    @Override
    public Integer call() {
        if (Files.exists(file)) {
            throw new SlipwayException(
                    ErrorCode.ALREADY_EXISTS,
                    file
                            + " exists already. It is left alone: without its keys nothing that was"
                            + " sealed can be opened.");
        }
        SecretBox.open(file);
        terminal.message(
                "Made " + file + ". Every coordinator of the cluster needs it: --key-file");
        return 0;
    }
}
