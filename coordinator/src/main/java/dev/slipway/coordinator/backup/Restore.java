package dev.slipway.coordinator.backup;

import dev.slipway.coordinator.model.FarmMeta;
import dev.slipway.coordinator.storage.DataFormat;
import dev.slipway.coordinator.storage.DataLayout;
import dev.slipway.coordinator.storage.Durable;
import dev.slipway.coordinator.storage.RocksDatabase;
import dev.slipway.coordinator.storage.TableRunStore;
import dev.slipway.error.ErrorCode;
import dev.slipway.error.SlipwayException;
import dev.slipway.id.Ids;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;

/// Makes a data directory from a backup.
///
/// The farm that lives on from there must not be mistaken for the one that went on after the
/// backup: agents have seen that one's epochs and would refuse lower ones. So the epoch is raised
/// by {@link #EPOCH_GAP}, more than any farm can have begun since. Run numbers that were given
/// after the backup are given again.
public final class Restore {
    /// A coordinator that starts every second for a week begins fewer epochs.
    public static final long EPOCH_GAP = 1_000_000;

    private Restore() {}

    /// @param folder of the backup that was put back
    /// @param farmId of the farm from now on
    /// @param epoch that the next coordinator's will be above
    public record Restored(Path folder, BackupInfo info, String farmId, long epoch) {}

    /// @param from one backup, or a folder of backups: then its latest
    /// @param to must not exist, or be empty
    /// @param newFarmId whether agents shall take it for another farm, e.g. because the first one
    ///   lives on beside it
    public static Restored run(
            Path from, Path to, boolean newFarmId, Ids ids, Consumer<Backups.Progress> listener) {
        try {
            return restore(from, new DataLayout(to), newFarmId, ids, listener);
        } catch (IOException problem) {
            throw new SlipwayException(
                    ErrorCode.STORAGE_FAILED,
                    "The restore of %s into %s failed (%s). See to the cause, delete %s and try"
                                    .formatted(from, to, problem, to)
                            + " again.",
                    problem);
        }
    }

    private static Restored restore(
            Path from,
            DataLayout to,
            boolean newFarmId,
            Ids ids,
            Consumer<Backups.Progress> listener)
            throws IOException {
        Path backup = find(from);
        BackupInfo info = BackupInfo.read(backup);
        DataFormat.require(new DataLayout(backup));
        requireEmpty(to.root());
        Durable.createPrivateFolders(to.root());
        Durable.write(to.unfinishedRestore(), backup + "\n");
        var copier =
                new FileCopier(
                        to.root(),
                        Optional.empty(),
                        copied ->
                                listener.accept(
                                        new Backups.Progress(copied.files(), copied.bytes())));
        FileTree.files(
                backup,
                folder -> true,
                (file, relative) -> {
                    if (!relative.equals(Path.of(BackupInfo.FILE))) {
                        copier.copy(file, relative, Files.size(file));
                    }
                });
        FarmMeta meta = raiseEpoch(to, newFarmId ? Optional.of(ids.fresh()) : Optional.empty());
        FileTree.syncFolders(to.root());
        Durable.delete(to.unfinishedRestore());
        return new Restored(backup, info, meta.farmId(), meta.epoch());
    }

    private static FarmMeta raiseEpoch(DataLayout data, Optional<String> farmId) {
        try (var database = RocksDatabase.open(data.database())) {
            var runs = new TableRunStore(database);
            FarmMeta old = runs.meta();
            var raised =
                    new FarmMeta(
                            farmId.orElse(old.farmId()),
                            old.epoch() + EPOCH_GAP,
                            old.position(),
                            old.sequence(),
                            old.lastRun(),
                            old.time());
            runs.putMeta(raised);
            return raised;
        }
    }

    /// The backup that is meant.
    static Path find(Path from) throws IOException {
        if (Files.exists(from.resolve(BackupInfo.FILE))) {
            return from;
        }
        if (!Files.isDirectory(from)) {
            throw new SlipwayException(
                    ErrorCode.INVALID_ARGUMENT, "There is no folder %s.".formatted(from));
        }
        return BackupFolder.latest(from)
                .orElseThrow(
                        () ->
                                new SlipwayException(
                                        ErrorCode.INVALID_ARGUMENT,
                                        ("%s holds no backup: a backup is a folder with a %s, or a"
                                                        + " folder of such folders.")
                                                .formatted(from, BackupInfo.FILE)));
    }

    private static void requireEmpty(Path to) throws IOException {
        if (!Files.exists(to)) {
            return;
        }
        try (var entries = Files.newDirectoryStream(to)) {
            for (Path entry : entries) {
                if (!String.valueOf(entry.getFileName()).equals("lost+found")) {
                    throw new SlipwayException(
                            ErrorCode.ALREADY_EXISTS,
                            "%s is not empty (%s). A restore never overwrites: choose another"
                                            .formatted(to, entry.getFileName())
                                    + " folder, or move that one away.");
                }
            }
        }
    }
}
