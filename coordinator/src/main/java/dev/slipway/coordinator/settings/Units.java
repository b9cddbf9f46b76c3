package dev.slipway.coordinator.settings;

import java.time.Duration;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Durations (`500ms`, `15s`, `60m`, `2h`, `7d`) and sizes (`4096`, `64KiB`, `10MiB`, `50GiB`) as
/// people write them.
public final class Units {
    private static final Pattern FORM = Pattern.compile("(\\d{1,15})\\s*([A-Za-z]*)");
    private static final Map<String, Duration> DURATIONS =
            Map.of(
                    "ms", Duration.ofMillis(1),
                    "s", Duration.ofSeconds(1),
                    "m", Duration.ofMinutes(1),
                    "h", Duration.ofHours(1),
                    "d", Duration.ofDays(1));
    private static final Map<String, Long> SIZES =
            Map.of("", 1L, "KiB", 1L << 10, "MiB", 1L << 20, "GiB", 1L << 30, "TiB", 1L << 40);

    private Units() {}

    /// @throws IllegalArgumentException when the text has another form
    public static Duration duration(String text) {
        Matcher parts = FORM.matcher(text);
        if (parts.matches() && DURATIONS.containsKey(parts.group(2))) {
            return DURATIONS
                    .getOrDefault(parts.group(2), Duration.ZERO)
                    .multipliedBy(Long.parseLong(parts.group(1)));
        }
        throw new IllegalArgumentException("not a duration like 500ms, 15s, 60m, 2h or 7d");
    }

    /// @throws IllegalArgumentException when the text has another form
    static long bytes(String text) {
        Matcher parts = FORM.matcher(text);
        if (parts.matches() && SIZES.containsKey(parts.group(2))) {
            return Math.multiplyExact(
                    Long.parseLong(parts.group(1)), SIZES.getOrDefault(parts.group(2), 1L));
        }
        throw new IllegalArgumentException("not a size like 4096, 64KiB, 10MiB or 50GiB");
    }

    static String text(Duration duration) {
        long millis = duration.toMillis();
        if (millis % 1000 != 0) {
            return millis + "ms";
        }
        long seconds = millis / 1000;
        if (seconds != 0 && seconds % 86_400 == 0) {
            return seconds / 86_400 + "d";
        }
        if (seconds != 0 && seconds % 3_600 == 0) {
            return seconds / 3_600 + "h";
        }
        return seconds != 0 && seconds % 60 == 0 ? seconds / 60 + "m" : seconds + "s";
    }

    static String text(long bytes) {
        long rest = bytes;
        for (String unit : new String[] {"", "KiB", "MiB", "GiB"}) {
            if (rest < 1024 || rest % 1024 != 0) {
                return rest + unit;
            }
            rest /= 1024;
        }
        return rest + "TiB";
    }
}
