package dev.slipway.coordinator.backup;

import dev.slipway.coordinator.blobs.BlobCheck;
import dev.slipway.coordinator.logs.LogIndex;
import dev.slipway.coordinator.model.FarmMeta;
import dev.slipway.coordinator.storage.BlobsElsewhere;
import dev.slipway.coordinator.storage.DataFormat;
import dev.slipway.coordinator.storage.DataLayout;
import dev.slipway.coordinator.storage.Durable;
import dev.slipway.coordinator.storage.RocksDatabase;
import dev.slipway.coordinator.storage.TableRunStore;
import dev.slipway.error.ErrorCode;
import dev.slipway.error.SlipwayException;
import dev.slipway.time.Clock;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/// Takes backups of a farm while it lives.
///
/// The tables are copied first, then the files that they name:
///
/// ```
/// hold files → checkpoint of the tables → log segments up to where the tables end → blobs → name
/// ```
///
/// Files are always durable before a row names them, so whatever the checkpoint names was there
/// when it was made; and nothing is deleted until all is copied. So a backup never lacks a byte
/// that its tables name. Had the files come first, rows written meanwhile would name what is not
/// there. What the files hold beyond the checkpoint is not named by it: log segments are cut where
/// its index ends, surplus blobs go with the first cleaning of a restored farm. Blobs that are kept
/// outside the data directory are not in it; it has a note that says so ({@link BlobsElsewhere}).
///
/// One at a time.
public final class Backups {
    private static final String STAGE = "backup-stage";

    private final BackupSource source;
    private final Clock clock;

    public Backups(BackupSource source, Clock clock) {
        this.source = source;
        this.clock = clock;
    }

    /// What is wanted.
    ///
    /// @param to the folder of backups; made when there is none
    /// @param keep how many backups stay there, the new one included; 0: all
    public record Wanted(Path to, int keep) {
        public Wanted {
            if (keep < 0 || keep > 100_000) {
                throw new SlipwayException(
                        ErrorCode.INVALID_ARGUMENT,
                        "--keep is %d but must be 0 (all) to 100,000.".formatted(keep));
            }
        }
    }

    /// How far a backup is.
    public record Progress(long files, long bytes) {}

    /// A backup that is whole and on disk.
    public record Taken(Path folder, BackupInfo info) {}

    /// @param listener hears often; must return at once
    public synchronized Taken take(Wanted wanted, Consumer<Progress> listener) {
        DataLayout layout = source.layout();
        Path to = wanted.to().toAbsolutePath().normalize();
        if (to.startsWith(layout.root().toAbsolutePath().normalize())) {
            throw new SlipwayException(
                    ErrorCode.INVALID_ARGUMENT,
                    "%s is inside the data directory: it would be lost together with it. Choose"
                                    .formatted(to)
                            + " another folder, best on another disk.");
        }
        Path stage = layout.root().resolve(STAGE);
        try {
            FileTree.delete(stage);
            Durable.createPrivateFolders(stage);
            try (var _ = source.holdFiles()) {
                return take(layout, new DataLayout(stage), new Wanted(to, wanted.keep()), listener);
            } finally {
                FileTree.delete(stage);
            }
        } catch (SlipwayException known) {
            throw known;
        } catch (IOException problem) {
            throw new SlipwayException(
                    ErrorCode.STORAGE_FAILED,
                    "The backup into %s failed (%s). The farm and earlier backups are as they were."
                                    .formatted(to, problem)
                            + " Check that the folder can be written and its disk has room.",
                    problem);
        } catch (Exception problem) {
            throw new SlipwayException(
                    ErrorCode.INTERNAL, "The backup into %s failed.".formatted(to), problem);
        }
    }

    private Taken take(
            DataLayout layout, DataLayout stage, Wanted wanted, Consumer<Progress> listener)
            throws IOException {
        Instant now = clock.now();
        source.checkpoint(stage.database());
        FarmMeta meta;
        Map<Integer, Long> segments;
        try (var copied = RocksDatabase.openReadOnly(stage.database())) {
            meta = new TableRunStore(copied).meta();
            segments = new LogIndex(copied).neededSegments();
        }
        try (var folder = BackupFolder.open(wanted.to(), meta.farmId())) {
            Optional<Path> before = folder.latest();
            Path fresh = folder.begin();
            var copier =
                    new FileCopier(
                            fresh,
                            before,
                            copied ->
                                    listener.accept(new Progress(copied.files(), copied.bytes())));
            copyTables(stage, copier);
            for (var segment : segments.entrySet()) {
                Path file = LogIndex.segmentFile(layout.logs(), segment.getKey());
                copier.copy(file, layout.root().relativize(file), segment.getValue());
            }
            copyBlobs(layout, copier);
            if (Files.exists(layout.keyId())) {
                Durable.write(new DataLayout(fresh).keyId(), Files.readString(layout.keyId()));
            }
            BlobsElsewhere.note(new DataLayout(fresh), BlobsElsewhere.read(layout));
            DataFormat.write(new DataLayout(fresh));
            BackupInfo info = info(meta, now, copier.progress());
            FileTree.syncFolders(fresh);
            Durable.write(fresh.resolve(BackupInfo.FILE), info.json() + "\n");
            Path done = folder.finish(fresh, now, info.position());
            folder.prune(wanted.keep());
            return new Taken(done, info);
        }
    }

    /// Table files never change once they are named; the list of them is small and always new.
    private static void copyTables(DataLayout stage, FileCopier copier) throws IOException {
        FileTree.files(
                stage.database(),
                folder -> true,
                (file, relative) ->
                        copier.copy(file, stage.root().relativize(file), Files.size(file)));
    }

    /// Blobs alone: what the store notes beside them is about processes that will not serve the
    /// copy.
    private static void copyBlobs(DataLayout layout, FileCopier copier) throws IOException {
        if (Files.exists(layout.blobs())) {
            Path partial = layout.blobs().resolve("partial");
            FileTree.files(
                    layout.blobs(),
                    folder -> !folder.equals(partial),
                    (file, relative) -> {
                        if (BlobCheck.isBlob(relative)) {
                            copier.copyNamedByContent(file, layout.root().relativize(file));
                        }
                    });
        }
    }

    private static BackupInfo info(FarmMeta meta, Instant at, FileCopier.Progress copied) {
        return new BackupInfo(
                meta.farmId(),
                meta.epoch(),
                meta.position(),
                meta.lastRun(),
                at,
                copied.files(),
                copied.bytes(),
                copied.newFiles(),
                copied.newBytes());
    }
}
