package dev.slipway.cli.client;

import java.time.Instant;
import java.util.List;

/// A commit.
///
/// @param at when it was committed
/// @param title first line of its message
public record CommitInfo(String sha, List<String> parents, Instant at, String title) {
    public CommitInfo {
        parents = List.copyOf(parents);
    }
}
