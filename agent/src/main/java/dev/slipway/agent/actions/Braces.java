package dev.slipway.agent.actions;

import java.util.ArrayList;
import java.util.List;

/// Alternatives in a pattern as minimatch has them: `{a,b}c` stands for `ac` and `bc`; they nest.
/// Braces without a comma, or without an end, stand for themselves.
final class Braces {
    /// A pattern that stands for more than this is no pattern that anybody wrote.
    private static final int MOST = 1000;

    private Braces() {}

    /// The patterns without alternatives that `pattern` stands for, in order.
    ///
    /// @throws ActionFailure when there are more than a thousand
    static List<String> expand(String pattern) {
        for (int open = pattern.indexOf('{'); open >= 0; open = pattern.indexOf('{', open + 1)) {
            List<Integer> cuts = cuts(pattern, open);
            if (cuts.size() > 2) {
                return expand(pattern, cuts);
            }
        }
        return List.of(pattern);
    }

    /// The places of the opening brace, its own commas and the closing brace; empty without one.
    private static List<Integer> cuts(String pattern, int open) {
        var cuts = new ArrayList<>(List.of(open));
        int depth = 0;
        for (int at = open; at < pattern.length(); at++) {
            switch (pattern.charAt(at)) {
                case '{' -> depth++;
                case ',' -> {
                    if (depth == 1) {
                        cuts.add(at);
                    }
                }
                case '}' -> {
                    depth--;
                    if (depth == 0) {
                        cuts.add(at);
                        return cuts;
                    }
                }
                default -> {}
            }
        }
        return List.of();
    }

    private static List<String> expand(String pattern, List<Integer> cuts) {
        String before = pattern.substring(0, cuts.getFirst());
        String after = pattern.substring(cuts.getLast() + 1);
        var all = new ArrayList<String>();
        for (int i = 0; i + 1 < cuts.size(); i++) {
            String choice = pattern.substring(cuts.get(i) + 1, cuts.get(i + 1));
            all.addAll(expand(before + choice + after));
            if (all.size() > MOST) {
                throw new ActionFailure(
                        "The pattern '%s' stands for more than %d patterns."
                                .formatted(pattern, MOST));
            }
        }
        return all;
    }
}
