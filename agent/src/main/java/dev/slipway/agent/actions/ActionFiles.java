package dev.slipway.agent.actions;

import dev.slipway.workflow.ActionManifest;
import dev.slipway.workflow.ActionManifestParser;
import dev.slipway.workflow.Problem;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/// Finds and reads the file that describes an action.
public final class ActionFiles {
    private static final List<String> NAMES = List.of("action.yml", "action.yaml");
    private static final List<String> DOCKERFILES = List.of("Dockerfile", "dockerfile");

    private ActionFiles() {}

    /// The text of an action folder's manifest. A Dockerfile alone is an action, too.
    ///
    /// @param uses as the workflow says it, for messages
    /// @throws ActionFailure when there is none
    public static String read(Path folder, String uses) throws IOException {
        for (String name : NAMES) {
            Path file = folder.resolve(name);
            if (Files.isRegularFile(file)) {
                return Files.readString(file, StandardCharsets.UTF_8);
            }
        }
        for (String name : DOCKERFILES) {
            if (Files.isRegularFile(folder.resolve(name))) {
                return "name: %s\nruns: {using: docker, image: %s}\n"
                        .formatted(folder.getFileName(), name);
            }
        }
        throw new ActionFailure(
                ("Can't find 'action.yml', 'action.yaml' or 'Dockerfile' under '%s'. Did you forget"
                                + " to run actions/checkout before running your local action?")
                        .formatted(folder));
    }

    /// Parses a manifest's text.
    ///
    /// @throws ActionFailure with every error in it
    public static ActionManifest parse(Path folder, String text, String uses) {
        var parsed =
                ActionManifestParser.parse(
                        folder.resolve("action.yml").toString(),
                        text.getBytes(StandardCharsets.UTF_8));
        Optional<ActionManifest> manifest = parsed.manifest();
        if (manifest.isEmpty()) {
            throw new ActionFailure(
                    "The action '%s' cannot be read:\n%s"
                            .formatted(
                                    uses,
                                    parsed.problems().stream()
                                            .filter(Problem::isError)
                                            .map(Problem::toString)
                                            .collect(Collectors.joining("\n"))));
        }
        return manifest.get();
    }
}
