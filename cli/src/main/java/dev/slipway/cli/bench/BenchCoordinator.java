package dev.slipway.cli.bench;

import dev.slipway.cli.client.ServerAddress;
import dev.slipway.cli.embedded.OwnProgram;
import dev.slipway.cli.terminal.Terminal;
import dev.slipway.error.ErrorCode;
import dev.slipway.error.SlipwayException;

import org.jspecify.annotations.Nullable;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A coordinator in a process of its own with a data directory that goes with it, so that load and
/// server do not share a heap.
final class BenchCoordinator implements AutoCloseable {
    private static final Pattern READY = Pattern.compile("grpc=(\\S+)");

    private final Process process;
    private final Path folder;
    private final ServerAddress address;

    private BenchCoordinator(Process process, Path folder, ServerAddress address) {
        this.process = process;
        this.folder = folder;
        this.address = address;
    }

    static BenchCoordinator start(Terminal terminal) throws IOException {
        Path folder = Files.createTempDirectory("slipway-bench-");
        var command = new ArrayList<>(OwnProgram.command());
        command.addAll(
                List.of(
                        "coordinator",
                        "--data",
                        folder.resolve("data").toString(),
                        "--listen",
                        "127.0.0.1:0"));
        Path log = folder.resolve("log");
        Process process = new ProcessBuilder(command).redirectError(log.toFile()).start();
        var reader =
                new BufferedReader(
                        new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        for (@Nullable String line = reader.readLine(); line != null; line = reader.readLine()) {
            Matcher ready = READY.matcher(line);
            if (ready.find()) {
                terminal.message("Started a coordinator in a process of its own.");
                return new BenchCoordinator(
                        process, folder, ServerAddress.parseAll(ready.group(1)).getFirst());
            }
        }
        String said = Files.readString(log);
        delete(folder);
        throw new SlipwayException(
                ErrorCode.FARM_UNREACHABLE, "the coordinator did not start:\n" + said);
    }

    ServerAddress address() {
        return address;
    }

    @Override
    public void close() throws IOException {
        process.destroyForcibly();
        process.onExit().join();
        delete(folder);
    }

    private static void delete(Path folder) throws IOException {
        Files.walkFileTree(
                folder,
                new SimpleFileVisitor<>() {
                    @Override
                    public FileVisitResult visitFile(Path file, BasicFileAttributes facts)
                            throws IOException {
                        Files.delete(file);
                        return FileVisitResult.CONTINUE;
                    }

                    @Override
                    public FileVisitResult postVisitDirectory(
                            Path at, @Nullable IOException problem) throws IOException {
                        Files.delete(at);
                        return FileVisitResult.CONTINUE;
                    }
                });
    }
}
