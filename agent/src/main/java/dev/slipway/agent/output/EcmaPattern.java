package dev.slipway.agent.output;

import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/// A regular expression in ECMAScript's syntax, matched with a bound on its work: a pattern from an
/// action must not hold up a step for ever.
final class EcmaPattern {
    /// Characters looked at in one match; about a second of backtracking.
    static final int MAX_STEPS = 50_000_000;

    private final Pattern pattern;

    private EcmaPattern(Pattern pattern) {
        this.pattern = pattern;
    }

    /// @throws IllegalArgumentException when it is no regular expression; the message says why
    static EcmaPattern compile(String source) {
        try {
            return new EcmaPattern(Pattern.compile(translate(source)));
        } catch (PatternSyntaxException e) {
            throw new IllegalArgumentException(
                    "'%s' is not a regular expression: %s".formatted(source, e.getDescription()),
                    e);
        }
    }

    int groups() {
        return pattern.matcher("").groupCount();
    }

    /// The first match anywhere in the line.
    ///
    /// @throws TooMuchWork when the bound is reached
    Optional<MatchResult> find(String line) {
        Matcher matcher = pattern.matcher(new Bounded(line));
        return matcher.find() ? Optional.of(matcher.toMatchResult()) : Optional.empty();
    }

    /// What differs from Java: in a class `[` and `&&` are plain characters; outside of one a `{`
    /// that starts no count is.
    private static String translate(String source) {
        var out = new StringBuilder(source.length() + 8);
        boolean inClass = false;
        for (int i = 0; i < source.length(); i++) {
            char c = source.charAt(i);
            if (c == '\\' && i + 1 < source.length()) {
                out.append(c).append(source.charAt(++i));
            } else if (inClass) {
                inClass = c != ']';
                if (c == '[' || c == '&') {
                    out.append('\\');
                }
                out.append(c);
            } else if (c == '[') {
                inClass = true;
                i += openClass(source, i, out);
                inClass = out.charAt(out.length() - 1) != ']';
            } else if (c == '{' && !isCount(source, i)) {
                out.append("\\{");
            } else {
                out.append(c);
            }
        }
        return out.toString();
    }

    /// Writes the start of a class; `[]` never matches and `[^]` matches anything.
    ///
    /// @return how many further characters were read
    private static int openClass(String source, int at, StringBuilder out) {
        if (source.startsWith("[^]", at)) {
            out.append("[\\s\\S]");
            return 2;
        }
        if (source.startsWith("[]", at)) {
            out.append("[^\\s\\S]");
            return 1;
        }
        out.append('[');
        return 0;
    }

    private static boolean isCount(String source, int open) {
        int i = open + 1;
        while (i < source.length() && Character.isDigit(source.charAt(i))) {
            i++;
        }
        if (i == open + 1) {
            return false;
        }
        if (i < source.length() && source.charAt(i) == ',') {
            i++;
            while (i < source.length() && Character.isDigit(source.charAt(i))) {
                i++;
            }
        }
        return i < source.length() && source.charAt(i) == '}';
    }

    /// A match was given up.
    static final class TooMuchWork extends RuntimeException {
        private static final long serialVersionUID = 1L;

        TooMuchWork() {
            super("the pattern took too long on one line");
        }
    }

    /// A text that counts how often it is looked at.
    private static final class Bounded implements CharSequence {
        private final String text;
        private int steps;

        Bounded(String text) {
            this.text = text;
        }

        @Override
        public int length() {
            return text.length();
        }

        @Override
        public char charAt(int index) {
            if (++steps > MAX_STEPS) {
                throw new TooMuchWork();
            }
            return text.charAt(index);
        }

        @Override
        public CharSequence subSequence(int start, int end) {
            return text.substring(start, end);
        }

        @Override
        public String toString() {
            return text;
        }
    }
}
