package dev.slipway.cli.project;

import dev.slipway.error.ErrorCode;
import dev.slipway.error.SlipwayException;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// The real `git` program, asked in one folder. It never changes the repository: optional locks are
/// off, and so is the file-system monitor that a repository's own configuration may name.
final class Git {
    private final Path folder;

    Git(Path folder) {
        this.folder = folder;
    }

    /// What a git call said.
    record Answer(int exitCode, String output, String errors) {
        boolean isOk() {
            return exitCode == 0;
        }

        String firstLine() {
            return output.lines().findFirst().orElse("").strip();
        }
    }

    /// Git's answer, whatever its exit code; absent when there is no git program.
    Optional<Answer> ask(String... arguments) throws InterruptedException {
        var command = new ArrayList<>(List.of("git", "-c", "core.fsmonitor=false"));
        command.addAll(Arrays.asList(arguments));
        var builder = new ProcessBuilder(command).directory(folder.toFile());
        builder.environment().put("GIT_OPTIONAL_LOCKS", "0");
        builder.environment().put("LC_ALL", "C.UTF-8");
        Process process;
        try {
            process = builder.start();
        } catch (IOException noProgram) {
            return Optional.empty();
        }
        try {
            process.getOutputStream().close();
            // Git writes little to stderr, so that it cannot block on it while stdout is read.
            byte[] output = process.getInputStream().readAllBytes();
            byte[] errors = process.getErrorStream().readAllBytes();
            int exitCode = process.waitFor();
            return Optional.of(
                    new Answer(
                            exitCode,
                            new String(output, StandardCharsets.UTF_8),
                            new String(errors, StandardCharsets.UTF_8)));
        } catch (IOException broken) {
            throw new SlipwayException(
                    ErrorCode.STORAGE_FAILED,
                    "git "
                            + String.join(" ", arguments)
                            + " could not be read: "
                            + broken.getMessage(),
                    broken);
        } finally {
            process.destroy();
        }
    }

    /// The first line of a successful answer; absent when git fails or says nothing.
    Optional<String> line(String... arguments) throws InterruptedException {
        return ask(arguments)
                .filter(Answer::isOk)
                .map(Answer::firstLine)
                .filter(line -> !line.isEmpty());
    }

    /// The NUL-separated items of an answer.
    ///
    /// @throws SlipwayException when git fails
    List<String> items(String... arguments) throws InterruptedException {
        Answer answer =
                ask(arguments)
                        .orElseThrow(
                                () ->
                                        new SlipwayException(
                                                ErrorCode.STORAGE_FAILED,
                                                "the git program has disappeared from PATH"));
        if (!answer.isOk()) {
            throw new SlipwayException(
                    ErrorCode.STORAGE_FAILED,
                    "git " + String.join(" ", arguments) + " failed: " + answer.errors().strip());
        }
        return Arrays.stream(answer.output().split("\0")).filter(item -> !item.isEmpty()).toList();
    }
}
