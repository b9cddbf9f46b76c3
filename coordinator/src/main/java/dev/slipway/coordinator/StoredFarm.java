package dev.slipway.coordinator;

import dev.slipway.coordinator.blobs.ArtifactStore;
import dev.slipway.coordinator.blobs.BlobStore;
import dev.slipway.coordinator.blobs.BlobStores;
import dev.slipway.coordinator.blobs.SharedBlobStore;
import dev.slipway.coordinator.logs.LogIndex;
import dev.slipway.coordinator.logs.LogReader;
import dev.slipway.coordinator.logs.StoredLogs;
import dev.slipway.coordinator.settings.BlobLocation;
import dev.slipway.coordinator.settings.CoordinatorSettings;
import dev.slipway.coordinator.storage.DataLayout;
import dev.slipway.coordinator.storage.DeploymentRows;
import dev.slipway.coordinator.storage.RocksDatabase;
import dev.slipway.coordinator.storage.RunStore;
import dev.slipway.coordinator.storage.TableRunStore;
import dev.slipway.error.ErrorCode;
import dev.slipway.error.SlipwayException;
import dev.slipway.id.SecureIds;
import dev.slipway.time.Clock;
import dev.slipway.time.SystemThreads;

import java.io.IOException;
import java.nio.file.Path;

/// A farm's data that no coordinator serves at the moment, opened for reading only: runs, logs and
/// artifacts as they were left.
public final class StoredFarm implements AutoCloseable {
    private final RocksDatabase database;
    private final TableRunStore runs;
    private final LogReader logs;
    private final BlobStore blobs;
    private final ArtifactStore artifacts;

    private StoredFarm(DataLayout layout, CoordinatorSettings settings, Clock clock)
            throws IOException {
        database = RocksDatabase.openReadOnly(layout.database());
        runs = new TableRunStore(database);
        logs = new LogReader(new StoredLogs(layout.logs(), new LogIndex(database)));
        blobs =
                BlobStores.open(
                        new BlobLocation.Directory(layout.blobs(), false),
                        settings.blobsCredentials(),
                        new SharedBlobStore.Limits(settings.blobGrace(), settings.blobQuota()),
                        new BlobStores.Ports(clock, new SystemThreads(), new SecureIds()));
        artifacts = new ArtifactStore(runs.files(), blobs, clock, settings.artifactDays());
    }

    /// @param data a coordinator's data directory
    /// @throws SlipwayException when there is none, or it cannot be read
    public static StoredFarm open(Path data, Clock clock) {
        try {
            return new StoredFarm(new DataLayout(data), CoordinatorSettings.defaults(data), clock);
        } catch (IOException problem) {
            throw new SlipwayException(
                    ErrorCode.STORAGE_FAILED,
                    "The data directory %s cannot be read (%s).".formatted(data, problem),
                    problem);
        }
    }

    public RunStore runs() {
        return runs;
    }

    public DeploymentRows deployments() {
        return runs.deployments();
    }

    public LogReader logs() {
        return logs;
    }

    public ArtifactStore artifacts() {
        return artifacts;
    }

    /// For {@link dev.slipway.coordinator.blobs.ZipStream}.
    public BlobStore blobs() {
        return blobs;
    }

    @Override
    public void close() {
        blobs.close();
        database.close();
    }
}
