package dev.slipway.coordinator.deployments;

import dev.slipway.coordinator.model.Commit;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Which commits are new between two deployments, from the part of the history that came with the
/// run: what `git log BASE..HEAD` says, as far as the history reaches.
public final class CommitRange {
    private CommitRange() {}

    /// @param commits in the order of the history
    /// @param known false when the base is not in the history: then only the head itself is said
    public record Since(List<Commit> commits, boolean known) {
        public Since {
            commits = List.copyOf(commits);
        }
    }

    /// @param history newest first; may be cut off
    /// @param head what is deployed; may be empty
    /// @param base what was deployed before; empty when nothing was
    public static Since since(List<Commit> history, String head, String base) {
        Map<String, Commit> known = new HashMap<>();
        history.forEach(commit -> known.put(commit.sha(), commit));
        if (!known.containsKey(head)) {
            return new Since(List.of(), head.equals(base) && !head.isEmpty());
        }
        if (!known.containsKey(base)) {
            return new Since(List.of(known.get(head)), false);
        }
        Set<String> old = reachable(known, base);
        Set<String> all = reachable(known, head);
        return new Since(
                history.stream()
                        .filter(commit -> all.contains(commit.sha()))
                        .filter(commit -> !old.contains(commit.sha()))
                        .toList(),
                true);
    }

    private static Set<String> reachable(Map<String, Commit> known, String from) {
        Set<String> seen = new HashSet<>();
        Deque<String> next = new ArrayDeque<>(List.of(from));
        while (!next.isEmpty()) {
            Commit commit = known.get(next.pop());
            if (commit != null && seen.add(commit.sha())) {
                next.addAll(commit.parents());
            }
        }
        return seen;
    }
}
