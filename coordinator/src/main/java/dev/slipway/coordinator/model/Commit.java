package dev.slipway.coordinator.model;

import java.time.Instant;
import java.util.List;

/// A commit of the history that came with a run.
///
/// @param parents shas of the commits that it follows on
/// @param at when it was committed
/// @param title first line of its message, at most {@link #MAX_TITLE} characters
public record Commit(String sha, List<String> parents, Instant at, String title) {
    public static final int MAX_TITLE = 120;

    public Commit {
        parents = List.copyOf(parents);
    }
}
