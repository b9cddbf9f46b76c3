package dev.slipway.cli.inspect;

import dev.slipway.cli.client.ArtifactInfo;
import dev.slipway.cli.client.FarmReads;
import dev.slipway.cli.embedded.FarmAccess;
import dev.slipway.cli.report.Durations;
import dev.slipway.cli.report.RunJson;
import dev.slipway.cli.report.Table;
import dev.slipway.cli.terminal.Ports;
import dev.slipway.cli.terminal.Terminal;
import dev.slipway.error.ErrorCode;
import dev.slipway.error.SlipwayException;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;

/// `slipway artifacts`.
@Command(
        footer = {
            "  slipway artifacts 12                       list them",
            "  slipway artifacts 12 --download coverage   writes coverage.zip",
            "  slipway artifacts 12 --download coverage --output - | bsdtar -xf -"
        })
public final class ArtifactsCommand extends FarmCommandBase {
    @Parameters(paramLabel = "RUN", description = "The run's number.")
    private long run;

    @Option(
            names = "--download",
            paramLabel = "NAME",
            description = "Download this one as a zip instead of listing all.")
    private @Nullable String download;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FILE",
            description = "Where the download goes (default: NAME.zip; - is stdout).")
    private @Nullable String output;

    @Option(names = "--json", description = "Print one JSON object a line.")
    private boolean json;

    public ArtifactsCommand(Terminal terminal) {
        super(terminal);
    }

    @Override
    int run(FarmAccess access, Ports ports) throws IOException, InterruptedException {
        try (FarmReads farm = access.reads()) {
            if (download != null) {
                save(farm, download);
                return 0;
            }
            List<ArtifactInfo> artifacts = farm.artifacts(run);
            if (json) {
                artifacts.forEach(artifact -> terminal.print(RunJson.artifact(artifact)));
            } else if (artifacts.isEmpty()) {
                terminal.message("Run " + run + " has no artifacts.");
            } else {
                var table = new Table("NAME", "SIZE", "FILES", "DIGEST", "EXPIRES");
                for (ArtifactInfo one : artifacts) {
                    table.row(
                            one.name(),
                            Durations.bytes(one.size()),
                            Integer.toString(one.files()),
                            one.digest(),
                            one.expiresAt() == null ? "never" : one.expiresAt().toString());
                }
                table.lines().forEach(terminal::print);
                terminal.hint(
                        next("artifacts", run + " --download " + artifacts.getFirst().name()));
            }
            return 0;
        }
    }

    /// A file appears only when it is whole and verified.
    private void save(FarmReads farm, String name) throws IOException, InterruptedException {
        if ("-".equals(output)) {
            farm.download(run, name, terminal.out());
            return;
        }
        Path target = Path.of(output == null ? safeName(name) + ".zip" : output);
        Path folder = target.toAbsolutePath().getParent();
        if (folder == null) {
            throw new SlipwayException(
                    ErrorCode.INVALID_ARGUMENT, "'" + target + "' is a folder, not a file");
        }
        Path partial = Files.createTempFile(folder, ".slipway-", ".zip");
        try {
            try (OutputStream to = Files.newOutputStream(partial)) {
                farm.download(run, name, to);
            }
            Files.move(partial, target, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(partial);
        }
        terminal.message("Wrote " + target + " (" + Durations.bytes(Files.size(target)) + ").");
    }

    /// An artifact's name must not lead out of the folder.
    private static String safeName(String name) {
        return name.replaceAll("[/\\\\:\u0000-\u001f]", "_").replaceFirst("^\\.+", "_");
    }
}
