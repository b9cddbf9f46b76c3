package dev.slipway.agent.docker;

import java.util.ArrayList;
import java.util.List;

/// Splits a command line into words as a shell does: at blanks, with single and double quotes and
/// backslashes. Nothing is expanded.
public final class Words {
    private Words() {}

    /// @throws IllegalArgumentException when a quote is not closed
    public static List<String> of(String line) {
        var words = new ArrayList<String>();
        var word = new StringBuilder();
        boolean inWord = false;
        char quote = 0;
        for (int at = 0; at < line.length(); at++) {
            char c = line.charAt(at);
            boolean escapes = c == '\\' && quote != '\'' && at + 1 < line.length();
            if (escapes) {
                at++;
                word.append(line.charAt(at));
                inWord = true;
            } else if (quote != 0) {
                if (c == quote) {
                    quote = 0;
                } else {
                    word.append(c);
                }
            } else if (c == '"' || c == '\'') {
                quote = c;
                inWord = true;
            } else if (!Character.isWhitespace(c)) {
                word.append(c);
                inWord = true;
            } else if (inWord) {
                words.add(word.toString());
                word.setLength(0);
                inWord = false;
            }
        }
        if (quote != 0) {
            throw new IllegalArgumentException(
                    "a quote (%s) is not closed in: %s".formatted(quote, line));
        }
        if (inWord) {
            words.add(word.toString());
        }
        return words;
    }
}
