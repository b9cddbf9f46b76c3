package dev.slipway.cli.client;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

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
