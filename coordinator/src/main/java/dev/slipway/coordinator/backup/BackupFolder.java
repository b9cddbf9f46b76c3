package dev.slipway.coordinator.backup;

import dev.slipway.coordinator.storage.Durable;
import dev.slipway.error.ErrorCode;
import dev.slipway.error.SlipwayException;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/// A folder of backups, each a folder of its own that is complete in itself:
///
/// ```
/// 20261125T171022Z-4711/   when, and the journal position: names sort by age
///   backup.json            what it is of; written last
///   format  key-id         as in a data directory; blobs-elsewhere, too
///   db/ logs/ blobs/       files that did not change are hard links to those of the backup before
/// unfinished/              the one that is being made, or was broken off
/// lock                     one at a time
/// ```
///
/// Deleting a backup's folder harms no other.
final class BackupFolder implements AutoCloseable {
    private static final String UNFINISHED = "unfinished";
    private static final String LOCK = "lock";
    private static final DateTimeFormatter STAMP =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);
    private static final String NAMES = "\\d{8}T\\d{6}Z-\\d+";

    private final Path folder;
    private final FileChannel lockFile;

    private BackupFolder(Path folder, FileChannel lockFile) {
        this.folder = folder;
        this.lockFile = lockFile;
    }

    /// Makes the folder when there is none, and takes it.
    ///
    /// @throws SlipwayException when something else is in it, it has another farm's backups, or a
    ///   backup is being made there
    static BackupFolder open(Path folder, String farmId) throws IOException {
        Durable.createPrivateFolders(folder);
        requireOurs(folder, farmId);
        FileChannel lockFile =
                FileChannel.open(
                        folder.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        try {
            if (!lock(lockFile)) {
                throw new SlipwayException(
                        ErrorCode.ALREADY_EXISTS,
                        "A backup into %s is being made already. Wait for its end."
                                .formatted(folder));
            }
            return new BackupFolder(folder, lockFile);
        } catch (IOException | RuntimeException problem) {
            lockFile.close();
            throw problem;
        }
    }

    private static void requireOurs(Path folder, String farmId) throws IOException {
        try (var found = Files.newDirectoryStream(folder)) {
            for (Path one : found) {
                String name = String.valueOf(one.getFileName());
                if (!name.equals(UNFINISHED)
                        && !name.equals(LOCK)
                        && !name.equals("lost+found")
                        && !name.matches(NAMES)) {
                    throw new SlipwayException(
                            ErrorCode.INVALID_ARGUMENT,
                            "%s holds something else than backups (%s). Choose an empty folder."
                                    .formatted(folder, name));
                }
            }
        }
        Optional<Path> latest = latest(folder);
        if (latest.isPresent()) {
            BackupInfo info = BackupInfo.read(latest.get());
            if (!info.farmId().equals(farmId)) {
                throw new SlipwayException(
                        ErrorCode.INVALID_ARGUMENT,
                        "%s has backups of farm %s, this is farm %s. Choose another folder."
                                .formatted(folder, info.farmId(), farmId));
            }
        }
    }

    private static boolean lock(FileChannel file) throws IOException {
        try {
            FileLock lock = file.tryLock();
            return lock != null;
        } catch (OverlappingFileLockException sameProcess) {
            return false;
        }
    }

    /// The backups in a folder, oldest first.
    static List<Path> all(Path folder) throws IOException {
        var found = new TreeSet<Path>();
        try (var entries = Files.newDirectoryStream(folder)) {
            for (Path entry : entries) {
                if (String.valueOf(entry.getFileName()).matches(NAMES)
                        && Files.exists(entry.resolve(BackupInfo.FILE))) {
                    found.add(entry);
                }
            }
        }
        return new ArrayList<>(found);
    }

    static Optional<Path> latest(Path folder) throws IOException {
        List<Path> all = all(folder);
        return all.isEmpty() ? Optional.empty() : Optional.of(all.getLast());
    }

    Optional<Path> latest() throws IOException {
        return latest(folder);
    }

    /// An empty folder for the next backup.
    Path begin() throws IOException {
        Path fresh = folder.resolve(UNFINISHED);
        FileTree.delete(fresh);
        Durable.createPrivateFolders(fresh);
        return fresh;
    }

    /// Gives a backup that is whole and on disk its name.
    Path finish(Path fresh, Instant takenAt, long position) throws IOException {
        Path target = folder.resolve(STAMP.format(takenAt) + "-" + position);
        FileTree.delete(target);
        Files.move(fresh, target, StandardCopyOption.ATOMIC_MOVE);
        Durable.syncFolder(folder);
        return target;
    }

    /// Deletes the oldest ones.
    ///
    /// @param keep how many stay; 0: all
    void prune(int keep) throws IOException {
        List<Path> all = all(folder);
        if (keep > 0 && all.size() > keep) {
            for (Path old : all.subList(0, all.size() - keep)) {
                // Without this it is no backup, even when deleting the rest is broken off.
                Files.delete(old.resolve(BackupInfo.FILE));
                FileTree.delete(old);
            }
        }
    }

    @Override
    public void close() throws IOException {
        lockFile.close();
    }
}
