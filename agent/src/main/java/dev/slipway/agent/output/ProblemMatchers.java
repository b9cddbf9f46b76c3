package dev.slipway.agent.output;

import dev.slipway.expression.Value;

import java.util.ArrayList;
import java.util.List;

/// The problem matchers of one attempt, newest first. A matcher that one step adds works on the
/// output of all that follow. Safe for many threads.
public final class ProblemMatchers {
    private volatile List<MatcherConfig> matchers = List.of();

    /// The matchers that count from now on; the list is the same object until something changes.
    List<MatcherConfig> current() {
        return matchers;
    }

    /// Adds matchers; one of the same owner is replaced.
    synchronized void add(List<MatcherConfig> added) {
        var now = new ArrayList<>(matchers);
        for (MatcherConfig matcher : added) {
            now.removeIf(older -> older.owner().equalsIgnoreCase(matcher.owner()));
            now.addFirst(matcher);
        }
        matchers = List.copyOf(now);
    }

    synchronized void remove(String owner) {
        var now = new ArrayList<>(matchers);
        now.removeIf(older -> older.owner().equalsIgnoreCase(owner));
        matchers = List.copyOf(now);
    }

    /// All matchers, for a checkpoint.
    public Value toValue() {
        return Value.array(matchers.stream().map(MatcherConfig::toValue).toList());
    }

    /// Puts back what {@link #toValue} gave.
    ///
    /// @throws IllegalArgumentException when it is something else
    public synchronized void restore(Value value) {
        matchers = List.copyOf(MatcherConfig.parseAll(value));
    }
}
