package dev.slipway.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/// Drives the packaged `bin/slipway` as a person would: by commands in a folder, with an
/// environment. Every started program is ended by {@link #close}, and only those.
final class Slipway implements AutoCloseable {
    /// Generous: these machines are shared, and a cold JVM is slow.
    private static final long COMMAND_TIMEOUT_SECONDS = 180;

    private final Path program;
    private final Path scratch;
    private final Map<String, String> environment = new HashMap<>();
    private final List<Background> started = Collections.synchronizedList(new ArrayList<>());

    /// @param scratch an empty folder for state, outputs and work directories
    Slipway(Path scratch) {
        this(home(), scratch);
    }

    /// @param home an unpacked distribution, perhaps of another version
    Slipway(Path home, Path scratch) {
        this.program = home.resolve("bin/slipway");
        this.scratch = scratch;
        environment.put("SLIPWAY_STATE", scratch.resolve("state").toString());
        environment.put("NO_COLOR", "1");
    }

    private static Path home() {
        String home = System.getProperty("slipway.home");
        if (home == null) {
            throw new IllegalStateException(
                    "No packaged Slipway: run these tests through ./mvnw verify, or set"
                            + " -Dslipway.home=FOLDER to an unpacked distribution.");
        }
        return Path.of(home);
    }

    Slipway with(String name, String value) {
        environment.put(name, value);
        return this;
    }

    /// Runs a command to its end.
    Result run(Path folder, String... arguments) {
        try {
            Path out = Files.createTempFile(scratch, "out", ".txt");
            Path err = Files.createTempFile(scratch, "err", ".txt");
            Process process =
                    builder(folder, arguments)
                            .redirectOutput(out.toFile())
                            .redirectError(err.toFile())
                            .start();
            if (!process.waitFor(COMMAND_TIMEOUT_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new AssertionError(
                        "slipway %s did not end in %d s%n%s%n%s"
                                .formatted(
                                        String.join(" ", arguments),
                                        COMMAND_TIMEOUT_SECONDS,
                                        Files.readString(out),
                                        Files.readString(err)));
            }
            return new Result(
                    Arrays.toString(arguments),
                    process.exitValue(),
                    Files.readString(out),
                    Files.readString(err));
        } catch (IOException problem) {
            throw new AssertionError(problem);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new AssertionError(interrupted);
        }
    }

    /// Starts a command that goes on in the background.
    Background start(String name, Path folder, String... arguments) {
        return startIn(List.of(), name, folder, arguments);
    }

    /// The same behind another command, e.g. one that enters a network namespace.
    Background startIn(List<String> prefix, String name, Path folder, String... arguments) {
        try {
            Path log = Files.createTempFile(scratch, name + "-", ".log");
            ProcessBuilder builder = builder(folder, arguments);
            builder.command().addAll(0, prefix);
            Process process =
                    builder.redirectErrorStream(true).redirectOutput(log.toFile()).start();
            var background = new Background(name, process, log);
            started.add(background);
            return background;
        } catch (IOException problem) {
            throw new AssertionError(problem);
        }
    }

    private ProcessBuilder builder(Path folder, String... arguments) {
        var command = new ArrayList<String>();
        command.add(program.toString());
        command.addAll(List.of(arguments));
        var builder = new ProcessBuilder(command).directory(folder.toFile());
        builder.environment().remove("SLIPWAY_SERVER");
        builder.environment().putAll(environment);
        return builder;
    }

    @Override
    public void close() {
        for (Background background : List.copyOf(started).reversed()) {
            background.killNine();
        }
    }

    /// How a command ended and what it said.
    record Result(String command, int exit, String out, String err) {
        /// Fails with everything the command said unless it ended with `code`.
        Result expect(int code) {
            if (exit != code) {
                throw new AssertionError(
                        "slipway %s: exit %d, expected %d%n--- stdout%n%s%n--- stderr%n%s"
                                .formatted(command, exit, code, out, err));
            }
            return this;
        }

        List<String> lines() {
            return out.lines().toList();
        }
    }

    /// A command that runs until it ends or is killed.
    record Background(String name, Process process, Path log) {
        String output() {
            try {
                return Files.readString(log, UTF_8);
            } catch (IOException problem) {
                throw new AssertionError(problem);
            }
        }

        /// SIGKILL: no shutdown hook runs.
        void killNine() {
            process.destroyForcibly();
            await(10);
        }

        /// SIGTERM: it ends in order.
        void terminate() {
            process.destroy();
            await(60);
        }

        int await(long seconds) {
            try {
                if (!process.waitFor(seconds, TimeUnit.SECONDS)) {
                    throw new AssertionError(
                            "%s did not end in %d s%n%s".formatted(name, seconds, output()));
                }
                return process.exitValue();
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
                throw new AssertionError(interrupted);
            }
        }

        void signal(String signal) {
            try {
                new ProcessBuilder("kill", "-" + signal, Long.toString(process.pid()))
                        .inheritIO()
                        .start()
                        .waitFor();
            } catch (IOException problem) {
                throw new AssertionError(problem);
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
                throw new AssertionError(interrupted);
            }
        }
    }
}
