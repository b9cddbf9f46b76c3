package dev.slipway.cli.terminal;

import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/// Where a command reads and writes: data goes to {@link #out()}, messages for people go to {@link
/// #err()}. Everything is UTF-8. `out` is buffered; whoever wants a line seen now calls {@link
/// #flush}, and the program flushes at its end.
public final class Terminal {
    private final InputStream in;
    private final PrintStream out;
    private final PrintStream err;
    private final Map<String, String> environment;
    private final boolean outIsTerminal;
    private final boolean errIsTerminal;

    /// A terminal made of the given streams; for tests, and for {@link #system}.
    public Terminal(
            InputStream in,
            PrintStream out,
            PrintStream err,
            Map<String, String> environment,
            boolean outIsTerminal,
            boolean errIsTerminal) {
        this.in = in;
        this.out = out;
        this.err = err;
        this.environment = Map.copyOf(environment);
        this.outIsTerminal = outIsTerminal;
        this.errIsTerminal = errIsTerminal;
    }

    /// The process's own streams and environment.
    public static Terminal system() {
        return new Terminal(
                System.in,
                new PrintStream(
                        new BufferedOutputStream(
                                new FileOutputStream(FileDescriptor.out), 64 * 1024),
                        false,
                        StandardCharsets.UTF_8),
                new PrintStream(
                        new FileOutputStream(FileDescriptor.err), true, StandardCharsets.UTF_8),
                System.getenv(),
                isTerminal(1),
                isTerminal(2));
    }

    /// Asks about one descriptor at a time, which `System.console()` cannot: with `slipway run
    /// </dev/null` the output is still a terminal.
    private static boolean isTerminal(int descriptor) {
        Path link = Path.of("/proc/self/fd/" + descriptor);
        try {
            String target = Files.readSymbolicLink(link).toString();
            return target.startsWith("/dev/pts/")
                    || target.startsWith("/dev/tty")
                    || target.equals("/dev/console");
        } catch (IOException | UnsupportedOperationException notLinux) {
            var console = System.console();
            return console != null && console.isTerminal();
        }
    }

    public InputStream in() {
        return in;
    }

    /// For data: what a script reads.
    public PrintStream out() {
        return out;
    }

    /// For people: messages, progress, hints.
    public PrintStream err() {
        return err;
    }

    public Map<String, String> environment() {
        return environment;
    }

    /// The variable's value; absent when unset or empty.
    public Optional<String> variable(String name) {
        return Optional.ofNullable(environment.get(name)).filter(value -> !value.isEmpty());
    }

    public boolean outIsTerminal() {
        return outIsTerminal;
    }

    public boolean errIsTerminal() {
        return errIsTerminal;
    }

    /// Whether lines that were printed can be drawn anew.
    public boolean canBeDrawnOn() {
        return outIsTerminal && !isDumb();
    }

    private boolean isDumb() {
        return "dumb".equals(environment.get("TERM"));
    }

    /// Colours for data.
    public Paint paint() {
        return new Paint(outIsTerminal && coloursAllowed());
    }

    /// Colours for messages.
    public Paint messagePaint() {
        return new Paint(errIsTerminal && coloursAllowed());
    }

    /// One line of data.
    public void print(String line) {
        out.println(line);
    }

    /// One line for people. Flushes data first, so that the two read in order.
    public void message(String line) {
        out.flush();
        err.println(line);
    }

    /// What to type next; said only to people, never to scripts.
    public void hint(String text) {
        if (errIsTerminal) {
            message(messagePaint().dim(text));
        }
    }

    /// Writes buffered data out.
    ///
    /// @return false when the reader has gone away (`slipway logs 1 | head`)
    public boolean flush() {
        out.flush();
        return !out.checkError();
    }

    private boolean coloursAllowed() {
        return variable("NO_COLOR").isEmpty() && !isDumb();
    }
}
