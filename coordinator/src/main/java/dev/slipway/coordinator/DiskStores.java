package dev.slipway.coordinator;

import static dev.slipway.coordinator.Coordinator.own;

import dev.slipway.coordinator.Coordinator.Closing;
import dev.slipway.coordinator.blobs.BlobStore;
import dev.slipway.coordinator.blobs.BlobStores;
import dev.slipway.coordinator.blobs.SharedBlobStore;
import dev.slipway.coordinator.logs.LogIndex;
import dev.slipway.coordinator.logs.LogStore;
import dev.slipway.coordinator.secrets.SecretBox;
import dev.slipway.coordinator.settings.BlobLocation;
import dev.slipway.coordinator.settings.CoordinatorSettings;
import dev.slipway.coordinator.storage.BlobsElsewhere;
import dev.slipway.coordinator.storage.DataLayout;
import dev.slipway.coordinator.storage.RocksDatabase;

import java.io.IOException;
import java.util.Deque;
import java.util.Optional;

/// A coordinator's data directory: everything that is kept on disk, opened in order.
final class DiskStores {
    final DataLayout layout;
    final RocksDatabase database;
    final Stores stores;

    /// @param opened takes what must be closed
    DiskStores(CoordinatorSettings settings, Coordinator.Ports ports, Deque<Closing> opened)
            throws IOException {
        DataFolder folder = own(opened, "data folder", DataFolder.open(settings.data()));
        layout = folder.layout();
        SecretBox secrets = SecretBox.open(settings.keyFile(), layout.keyId());
        database = own(opened, "database", RocksDatabase.open(layout.database()));
        var limits =
                new LogStore.Limits(LogStore.Limits.DEFAULT.segmentSize(), settings.logQueue());
        LogStore logs =
                own(
                        opened,
                        "logs",
                        LogStore.open(
                                layout.logs(),
                                new LogIndex(database),
                                limits,
                                ports.clock(),
                                ports.threads()));
        BlobStore blobs =
                own(
                        opened,
                        "blobs",
                        BlobStores.open(
                                settings.blobs(),
                                settings.blobsCredentials(),
                                new SharedBlobStore.Limits(
                                        settings.blobGrace(), settings.blobQuota()),
                                new BlobStores.Ports(ports.clock(), ports.threads(), ports.ids())));
        BlobsElsewhere.note(layout, elsewhere(settings.blobs()));
        stores =
                new Stores(
                        new Stores.Parts(secrets, database, logs, blobs),
                        ports.clock(),
                        settings.artifactDays());
    }

    private static Optional<String> elsewhere(BlobLocation where) {
        boolean inside = where instanceof BlobLocation.Directory folder && !folder.shared();
        return inside ? Optional.empty() : Optional.of(where.toString());
    }
}
