package dev.slipway.expression;

/// Texts compared as .NET's `OrdinalIgnoreCase` does: code unit by code unit in upper case, without
/// any locale. Letters whose upper case would be an ASCII letter from outside ASCII keep themselves
/// (the dotless i, the long s).
final class OrdinalText {
    private OrdinalText() {}

    /// Two texts are equal ignoring case exactly when their folds are equal.
    static String fold(String text) {
        int length = text.length();
        for (int i = 0; i < length; i++) {
            char c = text.charAt(i);
            if (fold(c) != c) {
                return foldFrom(text, i);
            }
        }
        return text;
    }

    private static String foldFrom(String text, int start) {
        char[] folded = text.toCharArray();
        for (int i = start; i < folded.length; i++) {
            folded[i] = fold(folded[i]);
        }
        return new String(folded);
    }

    private static char fold(char c) {
        if (c < 128) {
            return c >= 'a' && c <= 'z' ? (char) (c - 32) : c;
        }
        char upper = Character.toUpperCase(c);
        return upper < 128 ? c : upper;
    }

    static boolean equal(String left, String right) {
        if (left.length() != right.length()) {
            return false;
        }
        return compare(left, right) == 0;
    }

    static int compare(String left, String right) {
        int shared = Math.min(left.length(), right.length());
        for (int i = 0; i < shared; i++) {
            char l = left.charAt(i);
            char r = right.charAt(i);
            if (l != r) {
                int difference = fold(l) - fold(r);
                if (difference != 0) {
                    return difference;
                }
            }
        }
        return left.length() - right.length();
    }

    static boolean contains(String text, String part) {
        return fold(text).contains(fold(part));
    }

    static boolean startsWith(String text, String start) {
        return text.length() >= start.length()
                && compare(text.substring(0, start.length()), start) == 0;
    }

    static boolean endsWith(String text, String end) {
        return text.length() >= end.length()
                && compare(text.substring(text.length() - end.length()), end) == 0;
    }

    /// What .NET's `Char.IsWhiteSpace` accepts.
    static boolean isWhitespace(char c) {
        return Character.isSpaceChar(c) || (c >= '\t' && c <= '\r') || c == '\u0085';
    }

    static String trim(String text) {
        int from = 0;
        int to = text.length();
        while (from < to && isWhitespace(text.charAt(from))) {
            from++;
        }
        while (to > from && isWhitespace(text.charAt(to - 1))) {
            to--;
        }
        return text.substring(from, to);
    }
}
