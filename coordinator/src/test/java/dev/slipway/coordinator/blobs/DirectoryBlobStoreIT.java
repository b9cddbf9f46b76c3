package dev.slipway.coordinator.blobs;

import dev.slipway.id.SecureIds;

import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;

/// A directory of one coordinator at a time.
class DirectoryBlobStoreIT extends BlobStoreContract {
    @TempDir Path folder;

    @Override
    Medium medium() {
        return new DirectoryMedium(folder, false, new SecureIds());
    }

    @Override
    Path disk() {
        return folder;
    }
}
