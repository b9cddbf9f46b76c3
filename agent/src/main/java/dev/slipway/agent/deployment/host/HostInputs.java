package dev.slipway.agent.deployment.host;

import dev.slipway.agent.deployment.Claimant;
import dev.slipway.agent.deployment.Inputs;
import dev.slipway.time.Clock;
import dev.slipway.time.Timers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/// Makes the `host` target that a step's inputs describe.
///
/// @param inputs of the step
public record HostInputs(Inputs inputs) {
    public static final List<String> NAMES =
            List.of("path", "files", "start", "stop", "env", "port", "keep", "stop-timeout");

    private static final int KEEP = 5;
    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(10);

    /// Where the step runs.
    ///
    /// @param workspace what relative paths start from
    /// @param usualFolder of deployments that name none
    /// @param claimant who counts the deployments
    /// @param environment of the step
    public record Place(
            Path workspace, Path usualFolder, Claimant claimant, Map<String, String> environment) {}

    /// @throws IllegalArgumentException naming the input that is wrong
    public HostTarget target(Place place, Clock clock, Timers timers) {
        String path = inputs.text("path");
        Path folder = path.isEmpty() ? place.usualFolder() : Path.of(path);
        if (!folder.isAbsolute()) {
            throw inputs.wrong(
                    "path", "an absolute path: the folder stays when the job's workspace goes");
        }
        Path files = place.workspace().resolve(inputs.required("files")).normalize();
        Path real = real(folder.normalize());
        if (real.startsWith(files) || files.startsWith(real)) {
            throw inputs.wrong("path", "outside of 'files', and 'files' outside of it");
        }
        var settings =
                new HostSettings(
                        real,
                        files,
                        inputs.required("start"),
                        inputs.text("stop"),
                        inputs.variables("env"),
                        inputs.number("port", 1, 65_535),
                        inputs.number("keep", KEEP, 2, 1000),
                        inputs.duration("stop-timeout", STOP_TIMEOUT),
                        place.claimant());
        return new HostTarget(settings, place.environment(), clock, timers);
    }

    /// Processes are found by this path, so it must be the same whichever link leads to it.
    private static Path real(Path folder) {
        try {
            return Files.createDirectories(folder).toRealPath();
        } catch (IOException refused) {
            throw new IllegalArgumentException(
                    "The folder %s cannot be made: %s. Give 'path' a folder that the agent's user"
                                    .formatted(folder, refused)
                            + " may write.",
                    new UncheckedIOException(refused));
        }
    }
}
