package dev.slipway.agent.deployment.health;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What a metric's value must be: `< 0.05`, or `<= before * 1.2` with the value from before the
/// deployment.
///
/// @param operator `<`, `<=`, `>` or `>=`
/// @param relative whether the number is a factor of the value before
/// @param number the threshold, or the factor
record Comparison(String operator, boolean relative, double number) {
    private static final Pattern FORM =
            Pattern.compile(
                    "\\s*(?<operator><=|>=|<|>)\\s*"
                            + "(?:(?<before>before)(?:\\s*\\*\\s*(?<factor>[0-9.eE+-]+))?"
                            + "|(?<number>[0-9.eE+-]+))\\s*");

    /// @return empty when it is not a comparison
    static Optional<Comparison> parse(String text) {
        Matcher matcher = FORM.matcher(text);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        boolean relative = matcher.group("before") != null;
        String number = relative ? matcher.group("factor") : matcher.group("number");
        try {
            return Optional.of(
                    new Comparison(
                            matcher.group("operator"),
                            relative,
                            number == null ? 1 : Double.parseDouble(number)));
        } catch (NumberFormatException malformed) {
            return Optional.empty();
        }
    }

    /// @param before the value from before the deployment; without meaning unless relative
    boolean holds(double value, double before) {
        double limit = limit(before);
        return switch (operator) {
            case "<" -> value < limit;
            case "<=" -> value <= limit;
            case ">" -> value > limit;
            default -> value >= limit;
        };
    }

    private double limit(double before) {
        return relative ? before * number : number;
    }

    String describe(double before) {
        return relative
                ? "%s %s (before it was %s)".formatted(operator, text(limit(before)), text(before))
                : operator + " " + text(number);
    }

    static String text(double value) {
        return String.format(Locale.ROOT, "%.6g", value)
                .replaceFirst("(\\.\\d*?)0+(e|$)", "$1$2")
                .replaceFirst("\\.(e|$)", "$1");
    }
}
