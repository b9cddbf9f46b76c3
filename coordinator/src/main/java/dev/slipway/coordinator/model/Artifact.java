package dev.slipway.coordinator.model;

import dev.slipway.id.AttemptId;

import java.time.Instant;

/// An artifact of a run. Its name is given once per run attempt.
///
/// @param id farm-wide, from 1
/// @param creator the attempt that made it
/// @param runAttempt the run attempt that it belongs to
/// @param manifest the blob that lists its files
/// @param size bytes of content
/// @param files how many
public record Artifact(
        long id,
        AttemptId creator,
        int runAttempt,
        String name,
        Content manifest,
        long size,
        int files,
        Instant createdAt,
        Instant expiresAt) {
    /// A blob by its digest.
    ///
    /// @param sha256 64 lower-case hexadecimal digits
    /// @param size length in bytes
    public record Content(String sha256, long size) {}

    /// What an artifact is found by.
    public record Name(long run, String name) implements Comparable<Name> {
        @Override
        public int compareTo(Name other) {
            int byRun = Long.compare(run, other.run);
            return byRun != 0 ? byRun : name.compareTo(other.name);
        }
    }

    public long run() {
        return creator.run();
    }

    public Name key() {
        return new Name(run(), name);
    }

    /// `sha256:<hex>`, of the list of files.
    public String digest() {
        return "sha256:" + manifest.sha256();
    }
}
