package dev.slipway.expression;

import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/// What an expression may name in one place of a workflow: its contexts, and those functions that
/// are not always there. Names ignore case and are kept in lower case.
///
/// @param contexts named values, such as `github`
/// @param functions of `always cancelled success failure hashfiles` those allowed here
public record Vocabulary(Set<String> contexts, Set<String> functions) {
    /// Every name; for tests and for looking at expressions without judging them.
    public static final Vocabulary ANY = new Vocabulary(Set.of(), Set.of());

    public Vocabulary {
        contexts = lowerCase(contexts);
        functions = lowerCase(functions);
    }

    private static Set<String> lowerCase(Set<String> names) {
        return names.stream()
                .map(name -> name.toLowerCase(Locale.ROOT))
                .collect(Collectors.toUnmodifiableSet());
    }

    boolean hasContext(String lowerCaseName) {
        return isAny() || contexts.contains(lowerCaseName);
    }

    boolean hasFunction(String lowerCaseName) {
        return isAny() || functions.contains(lowerCaseName);
    }

    /// `success()` and `failure()` may name jobs only in `jobs.*.if`: the place that has them but
    /// not yet a `steps` context.
    boolean statusMayNameJobs() {
        return isAny() || !contexts.contains("steps");
    }

    // ANY is an instance with an identity of its own, so that an empty vocabulary stays empty.
    @SuppressWarnings("ReferenceEquality")
    private boolean isAny() {
        return this == ANY;
    }
}
