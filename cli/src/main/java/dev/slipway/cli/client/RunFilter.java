package dev.slipway.cli.client;

import org.jspecify.annotations.Nullable;

import java.time.Instant;

/// Which runs to list; empty texts and nulls mean any.
///
/// @param workflow name or path
/// @param branch without refs/heads/
/// @param limit at most this many in all
public record RunFilter(
        String project,
        String workflow,
        String branch,
        @Nullable Status status,
        @Nullable Conclusion conclusion,
        @Nullable Instant after,
        @Nullable Instant before,
        int limit) {}
