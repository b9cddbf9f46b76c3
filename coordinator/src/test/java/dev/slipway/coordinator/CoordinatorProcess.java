package dev.slipway.coordinator;

import dev.slipway.coordinator.settings.CoordinatorSettings;
import dev.slipway.time.SystemTimers;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/// A coordinator in a process of its own, which a test may kill.
final class CoordinatorProcess {
    private static final String READY = "ready ";

    private final Process process;
    private final String address;

    private CoordinatorProcess(Process process, String address) {
        this.process = process;
        this.address = address;
    }

    /// @param flags settings by name
    static CoordinatorProcess start(Map<String, String> flags, Map<String, String> environment)
            throws IOException {
        var command =
                new ArrayList<>(
                        List.of(
                                ProcessHandle.current().info().command().orElse("java"),
                                "--enable-native-access=ALL-UNNAMED",
                                "--sun-misc-unsafe-memory-access=allow",
                                "-XX:+UseSerialGC",
                                "-XX:TieredStopAtLevel=1",
                                "-Xmx256m",
                                "-cp",
                                System.getProperty("java.class.path"),
                                CoordinatorProcess.class.getName()));
        flags.forEach((name, value) -> command.add(name + "=" + value));
        var builder = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
        builder.environment().putAll(environment);
        Process process = builder.start();
        var lines =
                new BufferedReader(
                        new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            if (line.startsWith(READY)) {
                return new CoordinatorProcess(process, line.substring(READY.length()));
            }
        }
        throw new IllegalStateException("the coordinator ended at once");
    }

    /// Where gRPC listens.
    String address() {
        return address;
    }

    /// `kill -9`; returns when it is dead.
    void kill() throws InterruptedException {
        process.destroyForcibly();
        if (!process.waitFor(10, TimeUnit.SECONDS)) {
            throw new IllegalStateException("the coordinator does not end: " + process.pid());
        }
    }

    /// @param flags `NAME=VALUE`
    public static void main(String[] flags) throws InterruptedException {
        var values = new HashMap<String, String>();
        for (String flag : flags) {
            int equals = flag.indexOf('=');
            values.put(flag.substring(0, equals), flag.substring(equals + 1));
        }
        var settings = CoordinatorSettings.read(values, Map.of(), Map.of());
        try (var timers = new SystemTimers("slipway-timers");
                var coordinator =
                        Coordinator.open(settings, Coordinator.Ports.system(timers), "test")) {
            System.out.println(READY + coordinator.start().grpc());
            coordinator.awaitFailure();
        }
    }
}
