package dev.slipway.agent.deployment;

import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;

/// The step's inputs, read as what they should be. What is wrong with one is said with its name,
/// its value and what is allowed.
///
/// @param source gives an input's trimmed text; empty when it is not given
public record Inputs(UnaryOperator<String> source) {
    private static final Pattern PLAIN = Pattern.compile("[0-9]+(\\.[0-9]+)?");
    private static final Pattern MILLIS = Pattern.compile("[0-9]{1,9}ms");
    private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");

    public String text(String name) {
        return source.apply(name);
    }

    /// @throws IllegalArgumentException when it is missing
    public String required(String name) {
        String text = text(name);
        if (text.isEmpty()) {
            throw new IllegalArgumentException("Input required and not supplied: " + name);
        }
        return text;
    }

    /// The lines that say something.
    public List<String> lines(String name) {
        return text(name).lines().map(String::strip).filter(line -> !line.isEmpty()).toList();
    }

    /// `90`, `1.5s`, `500ms`, `2m`, `1h30m`.
    public Duration duration(String name, Duration byDefault) {
        String text = text(name).replace(" ", "");
        if (text.isEmpty()) {
            return byDefault;
        }
        try {
            Duration duration;
            if (MILLIS.matcher(text).matches()) {
                duration = Duration.ofMillis(Long.parseLong(text.substring(0, text.length() - 2)));
            } else {
                String seconds = PLAIN.matcher(text).matches() ? text + "s" : text;
                duration = Duration.parse("PT" + seconds.toUpperCase(Locale.ROOT));
            }
            if (duration.isNegative() || duration.compareTo(Duration.ofDays(1)) > 0) {
                throw wrong(name, "a duration of at most 24h, such as 30s or 1m30s");
            }
            return duration;
        } catch (DateTimeParseException malformed) {
            throw wrong(name, "a duration such as 500ms, 30s or 1m30s");
        }
    }

    public int number(String name, int byDefault, int least, int most) {
        return number(name, least, most).orElse(byDefault);
    }

    public Optional<Integer> number(String name, int least, int most) {
        String text = text(name);
        if (text.isEmpty()) {
            return Optional.empty();
        }
        String allowed = "a whole number from %d to %d".formatted(least, most);
        try {
            int number = Integer.parseInt(text);
            if (number < least || number > most) {
                throw wrong(name, allowed);
            }
            return Optional.of(number);
        } catch (NumberFormatException malformed) {
            throw wrong(name, allowed);
        }
    }

    /// Lines `NAME=value`.
    public List<Map.Entry<String, String>> variables(String name) {
        var variables = new ArrayList<Map.Entry<String, String>>();
        for (String line : lines(name)) {
            int sign = line.indexOf('=');
            if (sign < 0 || !NAME.matcher(line.substring(0, sign)).matches()) {
                throw wrong(name, "lines NAME=value");
            }
            variables.add(Map.entry(line.substring(0, sign), line.substring(sign + 1)));
        }
        return variables;
    }

    /// Lines `Name: value`.
    public List<Map.Entry<String, String>> headers(String name) {
        var headers = new ArrayList<Map.Entry<String, String>>();
        for (String line : lines(name)) {
            int sign = line.indexOf(':');
            if (sign < 1) {
                throw wrong(name, "lines 'Name: value'");
            }
            headers.add(
                    Map.entry(line.substring(0, sign).strip(), line.substring(sign + 1).strip()));
        }
        return headers;
    }

    /// What is wrong with an input.
    public IllegalArgumentException wrong(String name, String allowed) {
        return new IllegalArgumentException(
                "Invalid input %s: '%s'. It must be %s.".formatted(name, text(name), allowed));
    }
}
