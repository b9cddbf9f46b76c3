package dev.slipway.workflow;

import java.util.Collection;
import java.util.Locale;
import java.util.Optional;

/// Finds the word that somebody probably meant, for "did you mean" in error messages.
public final class Suggest {

    private static final int MAX_WORD = 60;

    private Suggest() {}

    /// The closest allowed word, if one is close enough to be a likely slip.
    public static Optional<String> closest(String word, Collection<String> allowed) {
        String wanted = word.toLowerCase(Locale.ROOT);
        String best = null;
        int bestDistance = Math.max(1, Math.min(3, wanted.length() / 3)) + 1;
        for (String candidate : allowed) {
            if (wanted.length() > MAX_WORD || candidate.length() > MAX_WORD) {
                continue;
            }
            int distance = distance(wanted, candidate.toLowerCase(Locale.ROOT));
            if (distance < bestDistance) {
                best = candidate;
                bestDistance = distance;
            }
        }
        return Optional.ofNullable(best);
    }

    /// `; did you mean 'x'?`, or the allowed words when none is close and they are few, or nothing.
    public static String hint(String word, Collection<String> allowed) {
        return closest(word, allowed)
                .map(best -> "; did you mean '" + best + "'?")
                .orElseGet(
                        () ->
                                allowed.isEmpty() || allowed.size() > 30
                                        ? ""
                                        : "; allowed: " + String.join(", ", allowed));
    }

    /// Edits (insert, delete, replace, swap neighbours) that turn one word into the other.
    private static int distance(String a, String b) {
        int[][] cost = new int[a.length() + 1][b.length() + 1];
        for (int i = 0; i <= a.length(); i++) {
            cost[i][0] = i;
        }
        for (int j = 0; j <= b.length(); j++) {
            cost[0][j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            for (int j = 1; j <= b.length(); j++) {
                int replace = cost[i - 1][j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                cost[i][j] = Math.min(replace, Math.min(cost[i - 1][j], cost[i][j - 1]) + 1);
                boolean swapped =
                        i > 1
                                && j > 1
                                && a.charAt(i - 1) == b.charAt(j - 2)
                                && a.charAt(i - 2) == b.charAt(j - 1);
                if (swapped) {
                    cost[i][j] = Math.min(cost[i][j], cost[i - 2][j - 2] + 1);
                }
            }
        }
        return cost[a.length()][b.length()];
    }
}
