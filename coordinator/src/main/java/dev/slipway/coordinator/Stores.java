package dev.slipway.coordinator;

import static dev.slipway.coordinator.Coordinator.own;

import dev.slipway.coordinator.Coordinator.Closing;
import dev.slipway.coordinator.blobs.ArtifactStore;
import dev.slipway.coordinator.blobs.BlobStore;
import dev.slipway.coordinator.blobs.BlobStores;
import dev.slipway.coordinator.blobs.CacheStore;
import dev.slipway.coordinator.blobs.CollectionPause;
import dev.slipway.coordinator.blobs.SharedBlobStore;
import dev.slipway.coordinator.logs.LogIndex;
import dev.slipway.coordinator.logs.LogStore;
import dev.slipway.coordinator.secrets.SecretBox;
import dev.slipway.coordinator.settings.BlobLocation;
import dev.slipway.coordinator.settings.CoordinatorSettings;
import dev.slipway.coordinator.storage.BlobsElsewhere;
import dev.slipway.coordinator.storage.DataLayout;
import dev.slipway.coordinator.storage.RocksDatabase;
import dev.slipway.coordinator.storage.TableRunStore;

import java.io.IOException;
import java.util.Deque;
import java.util.Optional;

/// Everything that is kept on disk, opened in order.
final class Stores {
    final DataLayout layout;
    final SecretBox secrets;
    final RocksDatabase database;
    final TableRunStore runs;
    final LogStore logs;
    final BlobStore blobs;
    final CollectionPause pause = new CollectionPause();
    final ArtifactStore artifacts;
    final CacheStore caches;

    /// @param opened takes what must be closed
    Stores(CoordinatorSettings settings, Coordinator.Ports ports, Deque<Closing> opened)
            throws IOException {
        DataFolder folder = own(opened, "data folder", DataFolder.open(settings.data()));
        layout = folder.layout();
        secrets = SecretBox.open(settings.keyFile(), layout.keyId());
        database = own(opened, "database", RocksDatabase.open(layout.database()));
        runs = new TableRunStore(database);
        var limits =
                new LogStore.Limits(LogStore.Limits.DEFAULT.segmentSize(), settings.logQueue());
        logs =
                own(
                        opened,
                        "logs",
                        LogStore.open(
                                layout.logs(),
                                new LogIndex(database),
                                limits,
                                ports.clock(),
                                ports.threads()));
        blobs =
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
        artifacts = new ArtifactStore(runs.files(), blobs, ports.clock(), settings.artifactDays());
        caches = new CacheStore(runs.files(), blobs, ports.clock());
    }

    private static Optional<String> elsewhere(BlobLocation where) {
        boolean inside = where instanceof BlobLocation.Directory folder && !folder.shared();
        return inside ? Optional.empty() : Optional.of(where.toString());
    }
}
