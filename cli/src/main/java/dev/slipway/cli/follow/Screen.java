package dev.slipway.cli.follow;

import dev.slipway.cli.terminal.Signals;
import dev.slipway.cli.terminal.Terminal;
import dev.slipway.cli.terminal.TerminalSize;

import java.util.List;

/// The lower part of the terminal, which is drawn again and again; what is printed goes above it.
final class Screen {
    private static final String CLEAR_BELOW = "\u001b[J";
    private static final String HIDE_CURSOR = "\u001b[?25l";
    private static final String SHOW_CURSOR = "\u001b[?25h";

    private final Terminal terminal;
    private final Signals.Handling resizing;
    private volatile boolean resized = true;
    private TerminalSize size = TerminalSize.USUAL;
    private boolean begun;
    private int drawn;

    Screen(Terminal terminal) {
        this.terminal = terminal;
        this.resizing = Signals.handle("WINCH", () -> resized = true);
    }

    TerminalSize size() {
        if (resized) {
            resized = false;
            size = TerminalSize.ask();
        }
        return size;
    }

    /// Whether all of these lines can be seen at once.
    boolean fits(List<String> lines) {
        return lines.size() < size().rows();
    }

    /// Replaces the lower part by these lines, cut to the terminal's size.
    void draw(List<String> lines) {
        TerminalSize now = size();
        var frame = new StringBuilder(begun ? erase() : HIDE_CURSOR);
        begun = true;
        List<String> fitting = fit(lines, now.rows() - 1);
        for (String line : fitting) {
            frame.append(clip(line, now.columns() - 1)).append('\n');
        }
        drawn = fitting.size();
        terminal.out().print(frame);
        terminal.flush();
    }

    /// Prints lines that stay, above the part that is drawn; the next {@link #draw} brings it back.
    void printAbove(List<String> lines) {
        var text = new StringBuilder(erase());
        lines.forEach(line -> text.append(line).append('\n'));
        drawn = 0;
        terminal.out().print(text);
        terminal.flush();
    }

    /// Removes what is drawn and gives the cursor back.
    void end() {
        terminal.out().print(erase() + (begun ? SHOW_CURSOR : ""));
        drawn = 0;
        terminal.flush();
        resizing.close();
    }

    private String erase() {
        return drawn == 0 ? "" : "\u001b[" + drawn + "A\r" + CLEAR_BELOW;
    }

    private static List<String> fit(List<String> lines, int rows) {
        if (lines.size() <= rows) {
            return lines;
        }
        var fitting = new java.util.ArrayList<>(lines.subList(0, rows - 1));
        fitting.add("… " + (lines.size() - rows + 1) + " more lines");
        return fitting;
    }

    /// Cuts a line to so many visible characters; colours stay and are ended.
    static String clip(String line, int columns) {
        int visible = 0;
        int at = 0;
        boolean coloured = false;
        while (at < line.length()) {
            char one = line.charAt(at);
            if (one == '\u001b') {
                int end = line.indexOf('m', at);
                if (end < 0) {
                    break;
                }
                coloured = true;
                at = end + 1;
            } else {
                if (visible == columns) {
                    return line.substring(0, at) + (coloured ? "\u001b[0m" : "");
                }
                visible++;
                at += Character.charCount(line.codePointAt(at));
            }
        }
        return line;
    }
}
