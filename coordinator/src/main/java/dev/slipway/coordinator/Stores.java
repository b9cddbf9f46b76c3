package dev.slipway.coordinator;

import dev.slipway.coordinator.blobs.ArtifactStore;
import dev.slipway.coordinator.blobs.BlobStore;
import dev.slipway.coordinator.blobs.CacheStore;
import dev.slipway.coordinator.blobs.CollectionPause;
import dev.slipway.coordinator.logs.LogStore;
import dev.slipway.coordinator.notify.DeliveryCounts;
import dev.slipway.coordinator.notify.Sender;
import dev.slipway.coordinator.secrets.SecretBox;
import dev.slipway.coordinator.storage.Database;
import dev.slipway.coordinator.storage.TableRunStore;
import dev.slipway.time.Clock;

/// Everything that a coordinator keeps, whatever it is kept on: {@link DiskStores} in production,
/// models in a simulation.
final class Stores {
    final SecretBox secrets;
    final Database database;
    final TableRunStore runs;
    final LogStore logs;
    final BlobStore blobs;
    final Sender sender;
    final DeliveryCounts notified = new DeliveryCounts();
    final CollectionPause pause = new CollectionPause();
    final ArtifactStore artifacts;
    final CacheStore caches;

    /// What is kept apart from each other; closed by whoever opened it.
    record Parts(SecretBox secrets, Database database, LogStore logs, BlobStore blobs) {}

    /// @param artifactDays how long artifacts stay when the step does not say
    Stores(Parts parts, Clock clock, int artifactDays) {
        secrets = parts.secrets();
        sender = new Sender(parts.secrets(), clock, System.getenv());
        database = parts.database();
        runs = new TableRunStore(database);
        logs = parts.logs();
        blobs = parts.blobs();
        artifacts = new ArtifactStore(runs.files(), blobs, clock, artifactDays);
        caches = new CacheStore(runs.files(), blobs, clock);
    }
}
