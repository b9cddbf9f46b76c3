package dev.slipway.coordinator.storage;

import java.nio.file.Path;

/// Where things are in a data directory, and in each backup of one.
///
/// @param root the data directory
public record DataLayout(Path root) {
    /// RocksDB.
    public Path database() {
        return root.resolve("db");
    }

    /// Output of steps.
    public Path logs() {
        return root.resolve("logs");
    }

    /// Sources, artifacts and caches.
    public Path blobs() {
        return root.resolve("blobs");
    }

    /// There when the blobs are not in {@link #blobs}; see {@link BlobsElsewhere}.
    public Path blobsElsewhere() {
        return root.resolve("blobs-elsewhere");
    }

    /// Which versions of Slipway may read it; see {@link DataFormat}.
    public Path format() {
        return root.resolve("format");
    }

    /// Which key seals the secrets of its runs; the key itself lies elsewhere.
    public Path keyId() {
        return root.resolve("key-id");
    }

    /// Where a checkpoint of another coordinator is received.
    public Path incoming() {
        return root.resolve("incoming");
    }

    /// Exists when what was received is whole.
    public Path incomingReady() {
        return incoming().resolve("ready");
    }

    /// There only while a restore into this directory has not ended.
    public Path unfinishedRestore() {
        return root.resolve("restore-unfinished");
    }
}
