package dev.slipway.coordinator.blobs;

import java.time.Instant;

/// A cache entry.
///
/// @param key as the step wrote it
/// @param manifest its files
/// @param size bytes of content
/// @param usedAt when it was last found (within a minute)
public record CacheRow(String key, BlobRef manifest, long size, Instant createdAt, Instant usedAt) {
    CacheRow used(Instant at) {
        return new CacheRow(key, manifest, size, createdAt, at);
    }
}
