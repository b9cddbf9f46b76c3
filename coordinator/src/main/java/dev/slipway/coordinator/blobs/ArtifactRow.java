package dev.slipway.coordinator.blobs;

import dev.slipway.id.AttemptId;

import java.time.Instant;

/// An artifact of a run.
///
/// @param id farm-wide, from 1
/// @param creator the attempt that made it
/// @param runAttempt the run attempt that it belongs to
/// @param manifest its files; the digest is the artifact's digest
/// @param size bytes of content
/// @param files how many
public record ArtifactRow(
        long id,
        AttemptId creator,
        int runAttempt,
        String name,
        BlobRef manifest,
        long size,
        int files,
        Instant createdAt,
        Instant expiresAt) {
    public long run() {
        return creator.run();
    }

    /// `sha256:<hex>`.
    public String digest() {
        return "sha256:" + manifest.sha256();
    }
}
