package dev.slipway.agent.deployment.host;

import dev.slipway.agent.deployment.RolloutException;
import dev.slipway.agent.process.LocalProcessTable;
import dev.slipway.time.Clock;
import dev.slipway.time.Timers;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/// The processes of a deployment folder. They belong to no job: a session of their own, no control
/// group of a job, and an environment that is the folder's instead of the step's, so that the end
/// of the job does not end them. What finds them again is their variable `SLIPWAY_SERVICE`.
final class HostService {
    /// What a service inherits from the machine.
    private static final List<String> INHERITED =
            List.of(
                    "PATH",
                    "HOME",
                    "USER",
                    "LOGNAME",
                    "SHELL",
                    "LANG",
                    "LC_ALL",
                    "TZ",
                    "TMPDIR",
                    "XDG_RUNTIME_DIR",
                    "DBUS_SESSION_BUS_ADDRESS");

    private static final Duration PORT_PAUSE = Duration.ofMillis(100);
    private static final int PORT_TRIES = 100;
    private static final Duration LOOK_PAUSE = Duration.ofMillis(50);
    private static final int LOOKS = 4;
    private static final int TAIL_BYTES = 2000;
    private static final int TAIL_LINES = 5;

    private final HostSettings settings;
    private final Map<String, String> machine;
    private final Clock clock;
    private final Timers timers;

    HostService(HostSettings settings, Map<String, String> machine, Clock clock, Timers timers) {
        this.settings = settings;
        this.machine = machine;
        this.clock = clock;
        this.timers = timers;
    }

    /// Writes what is needed to start and stop a release, now and when it is brought back.
    void prepare(long number, String version) throws IOException {
        Path starts = starts();
        if (!Files.isDirectory(starts)) {
            // What a service is given may be secret.
            Files.createDirectories(
                    starts,
                    PosixFilePermissions.asFileAttribute(
                            PosixFilePermissions.fromString("rwx------")));
        }
        Path own = Files.createDirectories(starts.resolve(Long.toString(number)));
        Ledger.replace(own.resolve("start"), settings.start() + "\n");
        Ledger.replace(
                own.resolve("stop"), settings.stop().isEmpty() ? "" : settings.stop() + "\n");
        Ledger.replace(own.resolve("patience"), settings.stopTimeout().toSeconds() + "\n");
        Ledger.replace(own.resolve("env"), environment(number, version));
        Ledger.replace(own.resolve("run"), resource("run.sh"));
        Ledger.replace(stopScript(), resource("stop.sh"));
        Files.setPosixFilePermissions(stopScript(), PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private Path starts() {
        return settings.folder().resolve("starts");
    }

    Path own(long number) {
        return starts().resolve(Long.toString(number));
    }

    Path stopScript() {
        return settings.folder().resolve("stop");
    }

    private String environment(long number, String version) {
        var text = new StringBuilder();
        INHERITED.stream()
                .filter(machine::containsKey)
                .forEach(name -> export(text, name, machine.getOrDefault(name, "")));
        settings.environment().forEach(one -> export(text, one.getKey(), one.getValue()));
        export(text, "SLIPWAY_DEPLOYMENT", Long.toString(number));
        export(text, "SLIPWAY_VERSION", version);
        return text.toString();
    }

    private static void export(StringBuilder text, String name, String value) {
        text.append("export ")
                .append(name)
                .append("='")
                .append(value.replace("'", "'\\''"))
                .append("'\n");
    }

    private static String resource(String name) throws IOException {
        try (InputStream in = HostService.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IOException(
                        "This build of Slipway lacks the resource " + name + "; rebuild it.");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    /// Ends whatever runs, and every start that is still on its way.
    ///
    /// @return what names the only start that may happen after this
    String stop() throws IOException, InterruptedException, RolloutException {
        String token =
                "%s %d %d"
                        .formatted(
                                clock.now(),
                                ProcessHandle.current().pid(),
                                clock.uptime().toNanos());
        Ledger.replace(starts().resolve("token"), token + "\n");
        Path output = settings.folder().resolve("stop.log");
        var builder =
                new ProcessBuilder("sh", stopScript().toString())
                        .redirectErrorStream(true)
                        .redirectOutput(output.toFile());
        builder.environment().clear();
        builder.environment().put("PATH", machine.getOrDefault("PATH", "/usr/bin:/bin"));
        Process process = builder.start();
        process.getOutputStream().close();
        try {
            if (process.waitFor() != 0) {
                throw new RolloutException(
                        "what runs cannot be stopped: " + Files.readString(output).strip());
            }
        } finally {
            process.destroy();
        }
        return token;
    }

    /// Starts a release after {@link #stop}.
    void start(long number, String token)
            throws IOException, InterruptedException, RolloutException {
        awaitPort();
        Path own = own(number);
        Files.deleteIfExists(own.resolve("exit"));
        var builder =
                new ProcessBuilder("setsid", "sh", own.resolve("run").toString(), token)
                        .directory(settings.folder().toFile())
                        .redirectInput(new File("/dev/null"))
                        .redirectOutput(
                                ProcessBuilder.Redirect.appendTo(own.resolve("log").toFile()))
                        .redirectErrorStream(true);
        builder.environment().clear();
        builder.environment().put("PATH", machine.getOrDefault("PATH", "/usr/bin:/bin"));
        builder.environment().put("SLIPWAY_SERVICE", settings.folder().toString());
        builder.environment().put("SLIPWAY_RELEASE", release(number));
        builder.start();
    }

    private String release(long number) {
        return settings.folder().resolve("releases").resolve(Long.toString(number)).toString();
    }

    /// The version before has let go of the port, and nobody else has it.
    private void awaitPort() throws InterruptedException, RolloutException {
        if (settings.port().isEmpty()) {
            return;
        }
        int port = settings.port().get();
        for (int i = 0; !isFree(port); i++) {
            if (i == PORT_TRIES) {
                throw new RolloutException(
                        ("port %d is taken by a process that is not this deployment's. See whose it"
                                        + " is with: ss -ltnp 'sport = :%d'")
                                .formatted(port, port));
            }
            timers.pause(PORT_PAUSE);
        }
    }

    private static boolean isFree(int port) {
        try (var socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(port));
            return true;
        } catch (BindException taken) {
            return false;
        } catch (IOException refused) {
            // Whatever else is wrong with it, the service will say it better.
            return true;
        }
    }

    /// Whether a process of a release lives. One that is just being started has no environment yet,
    /// and has none for a moment whenever it becomes another program: only who is not there several
    /// times is not there.
    boolean lives(long number) throws IOException, InterruptedException {
        for (int look = 1; look < LOOKS; look++) {
            if (isSeen(number)) {
                return true;
            }
            timers.pause(LOOK_PAUSE);
        }
        return isSeen(number);
    }

    /// Those of other users cannot be looked at, and those that have ended have no environment any
    /// more.
    private boolean isSeen(long number) throws IOException {
        String wanted = "SLIPWAY_RELEASE=" + release(number);
        try (var processes = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
            for (Path process : processes) {
                if (LocalProcessTable.startedWith(process, wanted)) {
                    return true;
                }
            }
        }
        return false;
    }

    /// How the start command of a release has ended; empty while it runs.
    private Optional<Integer> exit(long number) throws IOException {
        Path file = own(number).resolve("exit");
        try {
            return Files.exists(file)
                    ? Optional.of(Integer.parseInt(Files.readString(file).strip()))
                    : Optional.empty();
        } catch (NumberFormatException torn) {
            throw new IOException(file + " does not hold an exit code", torn);
        }
    }

    /// Whether a release runs, here or where its start command has started it.
    boolean runs(long number) throws IOException, InterruptedException {
        return exit(number).isPresent() ? startedElsewhere(number) : lives(number);
    }

    private boolean startedElsewhere(long number) throws IOException {
        return exit(number).filter(code -> code == 0).isPresent()
                && Files.exists(own(number).resolve("stop"))
                && Files.size(own(number).resolve("stop")) > 0;
    }

    Optional<String> problem(long number) throws IOException, InterruptedException {
        Optional<Integer> exit = exit(number);
        if (exit.isPresent()) {
            return startedElsewhere(number)
                    ? Optional.empty()
                    : Optional.of(
                            "the start command ended with exit code %d%s%s"
                                    .formatted(
                                            exit.get(),
                                            exit.get() == 0
                                                    ? " (it must stay; or give 'stop')"
                                                    : "",
                                            tail(number)));
        }
        // In this order: it may end in between, and then has written how.
        return lives(number) || exit(number).isPresent()
                ? Optional.empty()
                : Optional.of("its processes are gone" + tail(number));
    }

    private String tail(long number) throws IOException {
        Path log = own(number).resolve("log");
        if (!Files.exists(log) || Files.size(log) == 0) {
            return "; it printed nothing";
        }
        try (var channel = Files.newByteChannel(log)) {
            channel.position(Math.max(0, channel.size() - TAIL_BYTES));
            var bytes = java.nio.ByteBuffer.allocate(TAIL_BYTES);
            while (bytes.hasRemaining() && channel.read(bytes) >= 0) {
                // Until the end of the file, or enough of it.
            }
            List<String> lines =
                    new String(bytes.array(), 0, bytes.position(), StandardCharsets.UTF_8)
                            .lines()
                            .toList();
            return "; it printed: "
                    + lines.stream()
                            .skip(Math.max(0, lines.size() - TAIL_LINES))
                            .collect(Collectors.joining(" | "));
        }
    }
}
