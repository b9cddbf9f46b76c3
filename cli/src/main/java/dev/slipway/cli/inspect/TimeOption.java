package dev.slipway.cli.inspect;

import dev.slipway.error.ErrorCode;
import dev.slipway.error.SlipwayException;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Times as options have them: so long ago, a day, or a moment in UTC.
final class TimeOption {
    private static final Pattern AGO = Pattern.compile("(\\d{1,6})([mhd])");
    private static final Map<String, ChronoUnit> UNITS =
            Map.of("m", ChronoUnit.MINUTES, "h", ChronoUnit.HOURS, "d", ChronoUnit.DAYS);

    private TimeOption() {}

    /// @throws SlipwayException when the text is no time
    static @Nullable Instant read(String option, @Nullable String text, Instant now) {
        if (text == null) {
            return null;
        }
        Matcher ago = AGO.matcher(text);
        try {
            if (ago.matches()) {
                return now.minus(Integer.parseInt(ago.group(1)), UNITS.get(ago.group(2)));
            }
            return text.contains("T")
                    ? Instant.parse(text)
                    : LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant();
        } catch (DateTimeParseException wrong) {
            throw new SlipwayException(
                    ErrorCode.INVALID_ARGUMENT,
                    option
                            + " '"
                            + text
                            + "' is no time; write 90m, 24h, 7d (ago), 2026-11-24 or"
                            + " 2026-11-24T10:00:00Z (UTC)",
                    wrong);
        }
    }
}
