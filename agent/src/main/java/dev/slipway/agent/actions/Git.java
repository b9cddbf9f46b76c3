package dev.slipway.agent.actions;

import dev.slipway.time.Threads;

import org.jspecify.annotations.Nullable;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

/// Runs the machine's `git` in one folder. An interrupt kills the program with its children.
final class Git {
    private static final String MARKER = "SLIPWAY_ACTION";

    private final Path folder;
    private final Map<String, String> environment;
    private final String owner;
    private final Consumer<String> lines;
    private final Threads threads;

    /// @param environment of the step
    /// @param owner marks the processes, so that a restarted agent finds what is left of them
    /// @param lines hears the output
    Git(
            Path folder,
            Map<String, String> environment,
            String owner,
            Consumer<String> lines,
            Threads threads) {
        this.folder = folder;
        this.environment = new HashMap<>(environment);
        this.environment.put("GIT_TERMINAL_PROMPT", "0");
        this.environment.put("GCM_INTERACTIVE", "Never");
        this.environment.put("LC_ALL", "C.UTF-8");
        if (!owner.isEmpty()) {
            this.environment.put(MARKER, owner);
        }
        this.owner = owner;
        this.lines = lines;
        this.threads = threads;
    }

    /// The same with more variables.
    Git with(Map<String, String> more) {
        var all = new HashMap<>(environment);
        all.putAll(more);
        return new Git(folder, all, owner, lines, threads);
    }

    /// Runs a command.
    ///
    /// @throws ActionFailure when it ends with another code than 0
    void run(List<String> arguments) throws IOException, InterruptedException {
        int code = start(arguments, lines);
        if (code != 0) {
            throw new ActionFailure(
                    "The process 'git %s' failed with exit code %d"
                            .formatted(arguments.getFirst(), code));
        }
    }

    /// Whether a command succeeds; its output is dropped.
    boolean succeeds(List<String> arguments) throws IOException, InterruptedException {
        return start(arguments, line -> {}) == 0;
    }

    /// The output of a command, trimmed; empty when it fails.
    Optional<String> ask(List<String> arguments) throws IOException, InterruptedException {
        var output = new ArrayList<String>();
        return start(arguments, output::add) == 0
                ? Optional.of(String.join("\n", output).strip())
                : Optional.empty();
    }

    /// The items of a command's output that NUL ends.
    ///
    /// @throws ActionFailure when it fails
    List<String> items(List<String> arguments) throws IOException, InterruptedException {
        String all =
                ask(arguments)
                        .orElseThrow(
                                () ->
                                        new ActionFailure(
                                                "The process 'git %s' failed"
                                                        .formatted(arguments.getFirst())));
        return Arrays.stream(all.split("\0")).filter(item -> !item.isEmpty()).toList();
    }

    private int start(List<String> arguments, Consumer<String> hear)
            throws IOException, InterruptedException {
        var command = new ArrayList<String>();
        command.add("git");
        command.add("-c");
        command.add("safe.directory=*");
        command.addAll(arguments);
        var builder = new ProcessBuilder(command).directory(folder.toFile());
        builder.redirectErrorStream(true);
        builder.environment().clear();
        builder.environment().putAll(environment);
        Process process;
        try {
            process = builder.start();
        } catch (IOException missing) {
            throw new ActionFailure(
                    "Cannot run git (%s). Install git on this agent."
                            .formatted(missing.getMessage()),
                    missing);
        }
        var problem = new AtomicReference<@Nullable IOException>();
        try {
            process.getOutputStream().close();
            Thread reader = threads.start("git output", () -> hearAll(process, hear, problem));
            int code = process.waitFor();
            reader.join();
            IOException unreadable = problem.get();
            if (unreadable != null) {
                throw unreadable;
            }
            return code;
        } finally {
            if (process.isAlive()) {
                process.descendants().forEach(ProcessHandle::destroyForcibly);
                process.destroyForcibly();
            }
        }
    }

    private static void hearAll(
            Process process,
            Consumer<String> hear,
            AtomicReference<@Nullable IOException> problem) {
        try (var reader =
                new BufferedReader(
                        new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                hear.accept(line);
            }
        } catch (IOException failed) {
            problem.set(failed);
        }
    }

    /// Kills what an earlier agent process left running for the same owner, and removes the locks
    /// that it held.
    void clearLeftovers() throws IOException {
        String mark = MARKER + "=" + owner;
        ProcessHandle.allProcesses()
                .filter(process -> carries(process.pid(), mark))
                .forEach(ProcessHandle::destroyForcibly);
        Path repository = folder.resolve(".git");
        if (Files.isDirectory(repository)) {
            try (var files = Files.walk(repository)) {
                for (Path file : (Iterable<Path>) files::iterator) {
                    if (file.getFileName().toString().endsWith(".lock")) {
                        Files.deleteIfExists(file);
                    }
                }
            }
        }
    }

    private static boolean carries(long pid, String mark) {
        try {
            String all =
                    new String(
                            Files.readAllBytes(Path.of("/proc/" + pid + "/environ")),
                            StandardCharsets.UTF_8);
            return List.of(all.split("\0")).contains(mark);
        } catch (IOException goneOrForeign) {
            // Processes end while one looks, and those of other users cannot be read.
            return false;
        }
    }
}
