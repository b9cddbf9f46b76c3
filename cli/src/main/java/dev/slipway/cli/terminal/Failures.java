package dev.slipway.cli.terminal;

import dev.slipway.error.ErrorCode;
import dev.slipway.error.SlipwayException;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.util.Objects;

/// Tells people what went wrong, and the shell by the exit code.
public final class Failures {
    private Failures() {}

    /// Prints `problem` as an error message.
    ///
    /// @return the exit code that stands for it
    public static int report(Terminal terminal, Throwable problem) {
        return switch (problem) {
            case SlipwayException known -> {
                say(terminal, known.getMessage());
                if (known.code() == ErrorCode.INTERNAL) {
                    terminal.message(trace(known));
                }
                yield known.code().exitCode();
            }
            case UncheckedIOException wrapped ->
                    report(terminal, Objects.requireNonNull(wrapped.getCause()));
            case FileSystemException file -> {
                say(terminal, describe(file));
                yield ErrorCode.INVALID_ARGUMENT.exitCode();
            }
            case IOException io -> {
                say(terminal, "input or output failed: " + io.getMessage());
                yield ErrorCode.STORAGE_FAILED.exitCode();
            }
            case InterruptedException stopped -> {
                say(terminal, "interrupted");
                yield 130;
            }
            default -> {
                say(terminal, "this is a bug in slipway; please report it with what follows");
                terminal.message(trace(problem));
                yield ErrorCode.INTERNAL.exitCode();
            }
        };
    }

    /// One error line on stderr.
    public static void say(Terminal terminal, String message) {
        terminal.message(terminal.messagePaint().red("error:") + " " + message);
    }

    private static String describe(FileSystemException problem) {
        String file = problem.getFile();
        return switch (problem) {
            case NoSuchFileException missing -> "there is no file or folder '" + file + "'";
            case AccessDeniedException denied -> "no permission for '" + file + "'";
            case FileAlreadyExistsException exists -> "'" + file + "' already exists";
            case NotDirectoryException notFolder -> "'" + file + "' is not a folder";
            default -> {
                String reason = problem.getReason();
                yield "'" + file + "': " + (reason == null ? "cannot be used" : reason);
            }
        };
    }

    private static String trace(Throwable problem) {
        var text = new StringWriter();
        problem.printStackTrace(new PrintWriter(text));
        return text.toString().stripTrailing();
    }
}
