package dev.slipway.coordinator;

import dev.slipway.coordinator.backup.BackupCall;
import dev.slipway.coordinator.backup.BackupSource;
import dev.slipway.coordinator.backup.Backups;
import dev.slipway.coordinator.storage.DataLayout;
import dev.slipway.coordinator.storage.RocksDatabase;
import dev.slipway.error.ErrorCode;
import dev.slipway.error.SlipwayException;
import dev.slipway.time.Clock;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;

/// Takes a backup of a data directory, whether a coordinator serves it or not.
public final class Backup {
    private Backup() {}

    /// Asks the coordinator that serves the data; takes the backup itself when nobody does.
    ///
    /// @param keep how many backups stay in the folder; 0: all
    /// @throws SlipwayException when there is no data, or the backup failed: earlier ones are then
    ///   as they were
    public static Backups.Taken take(
            Path data, Path to, int keep, Clock clock, Consumer<Backups.Progress> listener) {
        if (!Files.exists(new DataLayout(data).format())) {
            throw new SlipwayException(
                    ErrorCode.INVALID_ARGUMENT,
                    "%s is no data directory of a coordinator. Name it with --data."
                            .formatted(data));
        }
        try (var folder = DataFolder.openFree(data).orElse(null)) {
            return folder == null
                    ? BackupCall.take(data, to, keep, listener)
                    : offline(folder.layout(), new Backups.Wanted(to, keep), clock, listener);
        } catch (IOException problem) {
            throw new SlipwayException(
                    ErrorCode.STORAGE_FAILED,
                    "The data directory %s cannot be used (%s).".formatted(data, problem),
                    problem);
        }
    }

    private static Backups.Taken offline(
            DataLayout layout,
            Backups.Wanted wanted,
            Clock clock,
            Consumer<Backups.Progress> listener) {
        try (var database = RocksDatabase.open(layout.database())) {
            return new Backups(new Idle(layout, database), clock).take(wanted, listener);
        }
    }

    /// Data that nobody else writes to.
    private record Idle(DataLayout layout, RocksDatabase database) implements BackupSource {
        @Override
        public void checkpoint(Path target) {
            database.checkpoint(target);
        }

        @Override
        public AutoCloseable holdFiles() {
            return () -> {};
        }
    }

    /// Data that a coordinator serves.
    record Served(DiskStores disk) implements BackupSource {
        @Override
        public DataLayout layout() {
            return disk.layout;
        }

        @Override
        public void checkpoint(Path target) {
            disk.database.checkpoint(target);
        }

        @Override
        public AutoCloseable holdFiles() {
            AutoCloseable logs = disk.stores.logs.hold();
            AutoCloseable blobs = disk.stores.pause.hold();
            return () -> {
                blobs.close();
                logs.close();
            };
        }
    }
}
