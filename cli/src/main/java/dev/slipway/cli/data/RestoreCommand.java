package dev.slipway.cli.data;

import dev.slipway.cli.terminal.CliCommand;
import dev.slipway.cli.terminal.Ports;
import dev.slipway.cli.terminal.Terminal;
import dev.slipway.coordinator.backup.Restore;
import dev.slipway.expression.Json;
import dev.slipway.expression.Value;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

import java.nio.file.Path;
import java.util.LinkedHashMap;

/// `slipway restore`.
@Command(
        description = {
            "Makes a data directory from a backup. Never overwrites: the directory must be empty or"
                    + " not exist.",
            "The farm goes on in an epoch 1,000,000 higher, so that its agents take it for the"
                    + " newer one; what was recorded after the backup is gone, and run numbers that"
                    + " were given after it are given again. Without the key file of then the"
                    + " secrets of recorded runs stay closed."
        },
        footer = {
            "  slipway restore --from /backup/slipway --to /var/lib/slipway",
            "  slipway restore --from /backup/slipway/20261125T171022Z-4711 --to ./copy"
                    + " --new-farm-id"
        })
public final class RestoreCommand extends CliCommand {
    @Option(
            names = "--from",
            paramLabel = "DIR",
            required = true,
            description = "A backup, or a folder of backups: then its latest.")
    private Path from = Path.of("");

    @Option(
            names = "--to",
            paramLabel = "DIR",
            required = true,
            description = "The new data directory.")
    private Path to = Path.of("");

    @Option(
            names = "--new-farm-id",
            description =
                    "Let it be another farm, e.g. when the first one lives on: agents drop what"
                            + " they hold of the first one when they join this one.")
    private boolean newFarmId;

    @Option(names = "--json", description = "Print what was restored as a JSON object.")
    private boolean json;

    public RestoreCommand(Terminal terminal) {
        super(terminal);
    }

    @Override
    public Integer call() {
        Restore.Restored restored;
        try (Ports ports = Ports.system();
                var copying = new Copying(terminal, ports.clock())) {
            restored = Restore.run(from, to, newFarmId, ports.ids(), copying);
        }
        if (json) {
            var fields = new LinkedHashMap<String, Value>();
            fields.put("data", Value.of(to.toString()));
            fields.put("from", Value.of(restored.folder().toString()));
            fields.put("farm", Value.of(restored.farmId()));
            fields.put("epoch", Value.of((double) restored.epoch()));
            fields.put("backup", Json.parse(restored.info().json()));
            terminal.print(Json.compact(Value.object(fields)));
            return 0;
        }
        terminal.print(
                "%s: farm %s as of %s (position %d, runs up to %d), next epoch %d"
                        .formatted(
                                to,
                                restored.farmId(),
                                restored.info().takenAt(),
                                restored.info().position(),
                                restored.info().lastRun(),
                                restored.epoch() + 1));
        Copying.tellElsewhere(
                terminal,
                to,
                "Sources, artifacts and caches were in %s and not in the backup: give that, or a"
                        + " copy of it, with --blobs.");
        terminal.hint("Put the key file in its place, then: slipway coordinator --data " + to);
        return 0;
    }
}
