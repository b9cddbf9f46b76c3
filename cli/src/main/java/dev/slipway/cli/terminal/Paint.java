package dev.slipway.cli.terminal;

/// Colours text by ANSI escapes, or leaves it alone when colour is off.
public final class Paint {
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

    private String wrap(String code, String text) {
        return on ? "\u001b[" + code + "m" + text + "\u001b[0m" : text;
    }
}
