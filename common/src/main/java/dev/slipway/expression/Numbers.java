package dev.slipway.expression;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;

/// Numbers from text and to text, as GitHub's runner has them.
final class Numbers {
    private static final MathContext FIFTEEN_DIGITS = new MathContext(15, RoundingMode.HALF_EVEN);

    private Numbers() {}

    /// A trimmed text as JavaScript's `Number()` reads it: empty is 0, `0x` and `0o` hold 32 bits
    /// with a sign, anything else that is no decimal number is NaN.
    static double parse(String text) {
        String trimmed = OrdinalText.trim(text);
        if (trimmed.isEmpty()) {
            return 0;
        }
        if (isDecimal(trimmed)) {
            return Double.parseDouble(trimmed);
        }
        if (trimmed.startsWith("0x")) {
            return parseInt32(trimmed, 16);
        }
        if (trimmed.startsWith("0o")) {
            return parseInt32(trimmed, 8);
        }
        return switch (trimmed) {
            case "Infinity", "+Infinity" -> Double.POSITIVE_INFINITY;
            case "-Infinity" -> Double.NEGATIVE_INFINITY;
            default -> Double.NaN;
        };
    }

    /// `[+-] digits [. digits] [e [+-] digits]` with a digit before or after the point. Stricter
    /// than {@link Double#parseDouble}, which takes suffixes and hexadecimal fractions.
    private static boolean isDecimal(String text) {
        int at = skipSign(text, 0);
        int wholeEnd = skipDigits(text, at);
        int digits = wholeEnd - at;
        at = wholeEnd;
        if (at < text.length() && text.charAt(at) == '.') {
            int fractionEnd = skipDigits(text, at + 1);
            digits += fractionEnd - at - 1;
            at = fractionEnd;
        }
        if (digits == 0) {
            return false;
        }
        if (at < text.length() && (text.charAt(at) == 'e' || text.charAt(at) == 'E')) {
            int exponent = skipSign(text, at + 1);
            at = skipDigits(text, exponent);
            if (at == exponent) {
                return false;
            }
        }
        return at == text.length();
    }

    private static int skipSign(String text, int at) {
        return at < text.length() && (text.charAt(at) == '+' || text.charAt(at) == '-')
                ? at + 1
                : at;
    }

    private static int skipDigits(String text, int at) {
        int end = at;
        while (end < text.length() && text.charAt(end) >= '0' && text.charAt(end) <= '9') {
            end++;
        }
        return end;
    }

    private static double parseInt32(String text, int radix) {
        int value = 0;
        if (text.length() == 2) {
            return Double.NaN;
        }
        for (int i = 2; i < text.length(); i++) {
            char c = text.charAt(i);
            int digit = c < 128 ? Character.digit(c, radix) : -1;
            int unused = radix == 16 ? value >>> 28 : value >>> 29;
            if (digit < 0 || unused != 0) {
                return Double.NaN;
            }
            value = value * radix + digit;
        }
        return value;
    }

    /// .NET's "G15" with the invariant culture; minus zero is `0`.
    static String format(double value) {
        if (value == 0) {
            return "0";
        }
        if (Double.isNaN(value) || Double.isInfinite(value)) {
            return Double.toString(value);
        }
        long whole = (long) value;
        if (whole == value && Math.abs(whole) < 1_000_000_000_000_000L) {
            return Long.toString(whole);
        }
        BigDecimal rounded = new BigDecimal(value).round(FIFTEEN_DIGITS).stripTrailingZeros();
        int exponent = rounded.precision() - rounded.scale() - 1;
        if (exponent > -5 && exponent < 15) {
            return rounded.toPlainString();
        }
        String digits = rounded.unscaledValue().abs().toString();
        var text = new StringBuilder(24);
        if (rounded.signum() < 0) {
            text.append('-');
        }
        text.append(digits.charAt(0));
        if (digits.length() > 1) {
            text.append('.').append(digits, 1, digits.length());
        }
        text.append('E').append(exponent < 0 ? '-' : '+');
        int magnitude = Math.abs(exponent);
        return (magnitude < 10 ? text.append('0') : text).append(magnitude).toString();
    }
}
