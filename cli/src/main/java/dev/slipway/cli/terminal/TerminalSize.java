package dev.slipway.cli.terminal;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/// How many rows and columns the terminal has.
public record TerminalSize(int rows, int columns) {
    /// What is assumed when nobody knows.
    public static final TerminalSize USUAL = new TerminalSize(24, 80);

    /// Asks `stty`, since Java cannot; a few milliseconds.
    public static TerminalSize ask() {
        try {
            Process stty =
                    new ProcessBuilder("stty", "size")
                            .redirectInput(new File("/dev/tty"))
                            .redirectError(ProcessBuilder.Redirect.DISCARD)
                            .start();
            String answer =
                    new String(stty.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
            String[] words = answer.strip().split(" ");
            int rows = Integer.parseInt(words[0]);
            int columns = words.length > 1 ? Integer.parseInt(words[1]) : 0;
            return rows < 4 || columns < 20 ? USUAL : new TerminalSize(rows, columns);
        } catch (IOException | NumberFormatException unknown) {
            return USUAL;
        }
    }
}
