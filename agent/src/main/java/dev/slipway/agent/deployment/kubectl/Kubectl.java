package dev.slipway.agent.deployment.kubectl;

import dev.slipway.time.Timers;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/// Asks the cluster that a step talks to, with the step's own `kubectl` and environment.
public final class Kubectl {
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final long MOST_BYTES = 4 << 20;

    private final Path program;
    private final Map<String, String> environment;
    private final Path folder;
    private final Path temp;
    private final Timers timers;

    /// @param folder where it runs
    /// @param temp for its answer
    public Kubectl(
            Path program, Map<String, String> environment, Path folder, Path temp, Timers timers) {
        this.program = program;
        this.environment = environment;
        this.folder = folder;
        this.temp = temp;
        this.timers = timers;
    }

    /// The Deployments of the namespace that the step uses by default.
    ///
    /// @throws IOException when the cluster does not say; the text says why
    public Workloads workloads() throws IOException, InterruptedException {
        Path answer = Files.createTempFile(temp, "kubectl", ".txt");
        Path complaint = Files.createTempFile(temp, "kubectl", ".err");
        try {
            var builder =
                    new ProcessBuilder(
                                    List.of(
                                            program.toString(),
                                            "get",
                                            "deployments",
                                            "--no-headers",
                                            "--request-timeout=5s",
                                            "-o",
                                            Workloads.COLUMNS))
                            .directory(folder.toFile())
                            .redirectOutput(answer.toFile())
                            .redirectError(complaint.toFile());
            builder.environment().clear();
            builder.environment().putAll(environment);
            int code = await(builder.start());
            if (code != 0) {
                throw new IOException(lastLine(complaint, "exit code " + code));
            }
            if (Files.size(answer) > MOST_BYTES) {
                throw new IOException("there are too many");
            }
            return Workloads.parse(Files.readString(answer));
        } finally {
            Files.deleteIfExists(answer);
            Files.deleteIfExists(complaint);
        }
    }

    private int await(Process process) throws IOException, InterruptedException {
        process.getOutputStream().close();
        Timers.Timer late = timers.after(PATIENCE, process::destroyForcibly);
        try {
            return process.waitFor();
        } catch (InterruptedException stopped) {
            process.destroyForcibly();
            throw stopped;
        } finally {
            late.cancel();
        }
    }

    private static String lastLine(Path complaint, String otherwise) throws IOException {
        return new String(Files.readAllBytes(complaint), StandardCharsets.UTF_8)
                .lines()
                .filter(line -> !line.isBlank())
                .reduce((first, last) -> last)
                .orElse(otherwise);
    }
}
