package dev.slipway.cli.data;

import dev.slipway.cli.embedded.StateFolder;
import dev.slipway.cli.terminal.CliCommand;
import dev.slipway.cli.terminal.Ports;
import dev.slipway.cli.terminal.Terminal;
import dev.slipway.coordinator.Backup;
import dev.slipway.coordinator.backup.BackupInfo;
import dev.slipway.coordinator.backup.Backups;
import dev.slipway.expression.Json;
import dev.slipway.expression.Value;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

import java.nio.file.Path;
import java.util.LinkedHashMap;

/// `slipway backup`.
@Command(
        description = {
            "Works while the coordinator runs (it is asked through its data directory, as its user,"
                    + " on its machine) and while it does not. Each backup is a folder that is"
                    + " complete in itself; what did not change takes no space twice.",
            "The file with the keys of the secrets (--key-file of the coordinator) is not in it:"
                    + " keep a copy of that one apart."
        },
        footer = {
            "  slipway backup --data /var/lib/slipway --to /backup/slipway",
            "  slipway backup --data /var/lib/slipway --to /backup/slipway --keep 14"
        })
public final class BackupCommand extends CliCommand {
    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "The coordinator's data directory (default: the embedded farm's).")
    private @Nullable Path data;

    @Option(
            names = "--to",
            paramLabel = "DIR",
            required = true,
            description = "The folder of backups, best on another disk; made when there is none.")
    private Path to = Path.of("");

    @Option(
            names = "--keep",
            paramLabel = "N",
            description = "Then delete the oldest backups but N (default: 0, delete none).")
    private int keep;

    @Option(names = "--json", description = "Print the backup as a JSON object.")
    private boolean json;

    public BackupCommand(Terminal terminal) {
        super(terminal);
    }

    @Override
    public Integer call() {
        Path from = data == null ? StateFolder.of(terminal).data() : data;
        Backups.Taken taken;
        try (Ports ports = Ports.system();
                var copying = new Copying(terminal, ports.clock())) {
            taken = Backup.take(from, to, keep, ports.clock(), copying);
        }
        BackupInfo info = taken.info();
        if (json) {
            var fields = new LinkedHashMap<String, Value>();
            fields.put("folder", Value.of(taken.folder().toString()));
            fields.put("backup", Json.parse(info.json()));
            terminal.print(Json.compact(Value.object(fields)));
            return 0;
        }
        terminal.print(
                "%s: position %d, runs up to %d, %s in %d files, of which %s in %d are new"
                        .formatted(
                                taken.folder(),
                                info.position(),
                                info.lastRun(),
                                Copying.size(info.bytes()),
                                info.files(),
                                Copying.size(info.newBytes()),
                                info.newFiles()));
        Copying.tellElsewhere(
                terminal,
                taken.folder(),
                "Sources, artifacts and caches are in %s and not in this backup: back them up"
                        + " there.");
        terminal.hint(
                "Keep a copy of the coordinator's key file apart from it. Check it with: slipway"
                        + " verify-data "
                        + taken.folder());
        return 0;
    }
}
