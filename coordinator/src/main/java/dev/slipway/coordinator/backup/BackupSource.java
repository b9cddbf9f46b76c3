package dev.slipway.coordinator.backup;

import dev.slipway.coordinator.storage.DataLayout;

import java.nio.file.Path;

/// A farm's data that can be copied while it is written to.
public interface BackupSource {
    DataLayout layout();

    /// Makes `target` a database that is the farm's own at this moment.
    void checkpoint(Path target);

    /// From now until closed no log segment and no blob is deleted; one whose deletion is under way
    /// is not named by the tables any more. Everything else goes on.
    AutoCloseable holdFiles();
}
