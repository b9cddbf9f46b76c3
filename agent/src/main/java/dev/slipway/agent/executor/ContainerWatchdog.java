package dev.slipway.agent.executor;

import dev.slipway.agent.docker.DockerEngine;
import dev.slipway.agent.process.ControlFolder;
import dev.slipway.agent.process.Intent;
import dev.slipway.agent.process.ProcessTable;

import java.io.IOException;
import java.io.InputStream;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/// Ends a container at the end of its job's lease, from a process of this machine that outlives the
/// agent. It needs a program that can speak to the engine: `curl`, `docker` or `perl`.
final class ContainerWatchdog {
    private static final String RESOURCE = "/dev/slipway/agent/process/watch-container.sh";
    private static final String USUAL_PATH =
            "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

    private ContainerWatchdog() {}

    /// Starts the watchdog of a container, unless it still lives.
    static void ensure(
            ControlFolder folder,
            Intent intent,
            String container,
            Duration grace,
            DockerEngine engine,
            ProcessTable table)
            throws IOException {
        if (folder.watchdog().filter(table::isAlive).isPresent()) {
            return;
        }
        List<String> command =
                List.of(
                        "setsid",
                        "sh",
                        "-c",
                        script(),
                        "watch",
                        folder.path().toString(),
                        intent.leaseFile().toString(),
                        Long.toString(grace.toMillis() / 10),
                        container,
                        engine.socket().map(Path::toString).orElse(""));
        Path log = folder.path().resolve("supervisor.log");
        ProcessBuilder builder =
                new ProcessBuilder(command)
                        .redirectInput(Redirect.from(Path.of("/dev/null").toFile()))
                        .redirectOutput(Redirect.appendTo(log.toFile()))
                        .redirectError(Redirect.appendTo(log.toFile()));
        Map<String, String> environment = builder.environment();
        String own = environment.getOrDefault("PATH", "");
        environment.clear();
        environment.put("PATH", own.isEmpty() ? USUAL_PATH : own + ":" + USUAL_PATH);
        environment.put("DOCKER_HOST", engine.host());
        builder.start();
    }

    private static String script() throws IOException {
        try (InputStream resource = ContainerWatchdog.class.getResourceAsStream(RESOURCE)) {
            if (resource == null) {
                throw new IOException(
                        "This build of Slipway lacks the resource " + RESOURCE + "; rebuild it.");
            }
            return new String(resource.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
