package dev.slipway.cli.client;

import org.jspecify.annotations.Nullable;

import java.time.Instant;

/// An artifact of a run; the digest is `sha256:<hex>`.
public record ArtifactInfo(
        long id,
        long run,
        String name,
        long size,
        String digest,
        @Nullable Instant createdAt,
        @Nullable Instant expiresAt,
        int files) {}
