package dev.slipway.cli.client;

import java.util.Locale;

/// How something ended.
public enum Conclusion {
    SUCCESS,
    FAILURE,
    CANCELLED,
    SKIPPED,
    TIMED_OUT;

    /// The word in tables and JSON.
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /// True for the ends that make `slipway run` exit with 1.
    public boolean isBad() {
        return switch (this) {
            case FAILURE, CANCELLED, TIMED_OUT -> true;
            case SUCCESS, SKIPPED -> false;
        };
    }

    /// As people type it.
    @Override
    public String toString() {
        return word();
    }
}
