package dev.slipway.cli.terminal;

import java.util.regex.Pattern;

/// Colours text by ANSI escapes, or leaves it alone when colour is off.
public final class Paint {
    private static final Pattern ESCAPE = Pattern.compile("\u001b\\[[0-9;?]*[A-Za-z]");

    private final boolean on;

    public Paint(boolean on) {
        this.on = on;
    }

    public boolean isOn() {
        return on;
    }

    public String bold(String text) {
        return wrap("1", text);
    }

    public String dim(String text) {
        return wrap("2", text);
    }

    public String red(String text) {
        return wrap("31", text);
    }

    public String green(String text) {
        return wrap("32", text);
    }

    public String yellow(String text) {
        return wrap("33", text);
    }

    public String cyan(String text) {
        return wrap("36", text);
    }

    /// A line that Slipway wrote into a log: with its colours, or without any escapes.
    public String own(String text) {
        return on ? dim(text) : plain(text);
    }

    /// The text without ANSI escapes.
    public static String plain(String text) {
        return text.indexOf('\u001b') < 0 ? text : ESCAPE.matcher(text).replaceAll("");
    }

    private String wrap(String code, String text) {
        return on ? "\u001b[" + code + "m" + text + "\u001b[0m" : text;
    }
}
