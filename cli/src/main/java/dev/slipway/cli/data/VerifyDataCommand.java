package dev.slipway.cli.data;

import dev.slipway.cli.terminal.CliCommand;
import dev.slipway.cli.terminal.Ports;
import dev.slipway.cli.terminal.Terminal;
import dev.slipway.coordinator.backup.DataCheck;
import dev.slipway.coordinator.backup.DataCheck.Summary;
import dev.slipway.coordinator.storage.Problem;
import dev.slipway.expression.Json;
import dev.slipway.expression.Value;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.nio.file.Path;
import java.util.LinkedHashMap;

/// `slipway verify-data`.
@Command(
        description = {
            "Reads everything in a backup, or in the data directory of a coordinator that does not"
                + " run: table files, rows, every chunk of output, every blob, and what they say of"
                + " each other. Changes nothing.",
            "Prints a line per problem with the name of the file. Exits 0 when all is well, 1 when"
                    + " something is not."
        },
        footer = {
            "  slipway verify-data /backup/slipway/20261125T171022Z-4711",
            "  slipway verify-data /var/lib/slipway --json"
        })
public final class VerifyDataCommand extends CliCommand {
    @Parameters(paramLabel = "DIR", description = "A data directory, or one backup.")
    private Path folder = Path.of("");

    @Option(
            names = "--json",
            description = "Print a JSON object per problem, and one with what was read at the end.")
    private boolean json;

    public VerifyDataCommand(Terminal terminal) {
        super(terminal);
    }

    @Override
    public Integer call() {
        Summary read;
        try (Ports ports = Ports.system()) {
            read = new DataCheck(folder, ports.clock(), this::tell).run();
        }
        if (json) {
            terminal.print(json(read));
        } else {
            terminal.message(
                    "%s: %d runs, %d rows, %d chunks of output (%s), %d blobs (%s)."
                            .formatted(
                                    read.problems() == 0
                                            ? "All is well"
                                            : read.problems() + " problems",
                                    read.runs(),
                                    read.rows(),
                                    read.chunks(),
                                    Copying.size(read.logBytes()),
                                    read.blobs(),
                                    Copying.size(read.blobBytes())));
        }
        if (!json) {
            Copying.tellElsewhere(
                    terminal,
                    folder,
                    "Sources, artifacts and caches are in %s: they were not looked for.");
        }
        return read.problems() == 0 ? 0 : 1;
    }

    private void tell(Problem problem) {
        if (!json) {
            terminal.print(problem.toString());
            return;
        }
        var fields = new LinkedHashMap<String, Value>();
        fields.put("where", Value.of(problem.where()));
        fields.put("problem", Value.of(problem.what()));
        terminal.print(Json.compact(Value.object(fields)));
    }

    private static String json(Summary read) {
        var fields = new LinkedHashMap<String, Value>();
        fields.put("problems", Value.of((double) read.problems()));
        fields.put("runs", Value.of((double) read.runs()));
        fields.put("rows", Value.of((double) read.rows()));
        fields.put("chunks", Value.of((double) read.chunks()));
        fields.put("log_bytes", Value.of((double) read.logBytes()));
        fields.put("blobs", Value.of((double) read.blobs()));
        fields.put("blob_bytes", Value.of((double) read.blobBytes()));
        return Json.compact(Value.object(fields));
    }
}
