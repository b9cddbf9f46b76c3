package dev.slipway.agent.docker;

import com.github.dockerjava.api.model.Ulimit;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Numbers with units, as Docker's command line writes them.
public final class Quantities {
    private static final Pattern BYTES = Pattern.compile("(\\d+(?:\\.\\d+)?)([bkmgt]?)(?:i?b)?");
    private static final Pattern DURATION = Pattern.compile("(\\d+(?:\\.\\d+)?)(ns|us|ms|s|m|h)");

    private Quantities() {}

    /// `512m`, `2g`, `1024`; `-1` means without limit.
    ///
    /// @throws IllegalArgumentException when it is not that
    public static long bytes(String text) {
        if (text.equals("-1")) {
            return -1;
        }
        Matcher matcher = BYTES.matcher(text.toLowerCase(Locale.ROOT));
        if (!matcher.matches()) {
            throw new IllegalArgumentException(
                    "'%s' is not a size such as 512m or 2g".formatted(text));
        }
        int power =
                switch (matcher.group(2)) {
                    case "k" -> 1;
                    case "m" -> 2;
                    case "g" -> 3;
                    case "t" -> 4;
                    default -> 0;
                };
        return new BigDecimal(matcher.group(1))
                .multiply(BigDecimal.valueOf(1024).pow(power))
                .longValue();
    }

    /// `1.5` processors in billionths.
    public static long nanoCpus(String text) {
        return new BigDecimal(text).movePointRight(9).longValueExact();
    }

    /// `1m30s` in nanoseconds.
    static long nanos(String text) {
        Matcher matcher = DURATION.matcher(text);
        BigDecimal total = BigDecimal.ZERO;
        int end = 0;
        while (matcher.find() && matcher.start() == end) {
            long unit =
                    switch (matcher.group(2)) {
                        case "ns" -> 1;
                        case "us" -> 1_000;
                        case "ms" -> Duration.ofMillis(1).toNanos();
                        case "s" -> Duration.ofSeconds(1).toNanos();
                        case "m" -> Duration.ofMinutes(1).toNanos();
                        default -> Duration.ofHours(1).toNanos();
                    };
            total = total.add(new BigDecimal(matcher.group(1)).multiply(BigDecimal.valueOf(unit)));
            end = matcher.end();
        }
        if (end == 0 || end != text.length()) {
            throw new IllegalArgumentException(
                    "'%s' is not a duration such as 10s or 1m30s".formatted(text));
        }
        return total.longValue();
    }

    /// `nofile=1024:2048`.
    static Ulimit ulimit(String text) {
        String[] parts = text.split("[=:]");
        if (parts.length < 2 || parts.length > 3) {
            throw new IllegalArgumentException("expected NAME=SOFT[:HARD]");
        }
        long soft = Long.parseLong(parts[1]);
        return new Ulimit(parts[0], soft, parts.length == 3 ? Long.parseLong(parts[2]) : soft);
    }
}
