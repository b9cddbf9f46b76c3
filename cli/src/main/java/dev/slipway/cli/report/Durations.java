package dev.slipway.cli.report;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.Instant;
import java.util.Locale;

/// Spans of time for people: `0.4s`, `12s`, `3m 05s`, `2h 04m`.
public final class Durations {
    private Durations() {}

    public static String text(Duration duration) {
        Duration positive = duration.isNegative() ? Duration.ZERO : duration;
        long seconds = positive.toSeconds();
        if (seconds < 10) {
            return String.format(Locale.ROOT, "%.1fs", positive.toMillis() / 1000.0);
        }
        if (seconds < 60) {
            return seconds + "s";
        }
        if (seconds < 3600) {
            return String.format(Locale.ROOT, "%dm %02ds", seconds / 60, seconds % 60);
        }
        return String.format(Locale.ROOT, "%dh %02dm", seconds / 3600, seconds / 60 % 60);
    }

    /// From `begin` to `end`, or to `now` when it has not ended; empty when it has not begun.
    public static String between(@Nullable Instant begin, @Nullable Instant end, Instant now) {
        return begin == null ? "" : text(Duration.between(begin, end == null ? now : end));
    }

    /// `5s ago`, `3h ago`, `12 days ago`; `-` when unknown.
    public static String ago(@Nullable Instant at, Instant now) {
        if (at == null) {
            return "-";
        }
        long seconds = Math.max(0, Duration.between(at, now).toSeconds());
        if (seconds < 60) {
            return seconds + "s ago";
        }
        if (seconds < 3600) {
            return seconds / 60 + "m ago";
        }
        if (seconds < 48 * 3600) {
            return seconds / 3600 + "h ago";
        }
        return seconds / 86400 + " days ago";
    }

    /// `512 B`, `1.5 KiB`, `20.0 MiB`.
    public static String bytes(long bytes) {
        if (bytes < 1024) {
            return bytes + " B";
        }
        double left = bytes / 1024.0;
        String[] units = {"KiB", "MiB", "GiB"};
        int unit = 0;
        while (left >= 1024 && unit < units.length - 1) {
            left /= 1024;
            unit++;
        }
        return String.format(Locale.ROOT, "%.1f %s", left, units[unit]);
    }
}
