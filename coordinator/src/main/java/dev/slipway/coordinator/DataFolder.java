package dev.slipway.coordinator;

import dev.slipway.coordinator.storage.DataFormat;
import dev.slipway.coordinator.storage.DataLayout;
import dev.slipway.coordinator.storage.Durable;
import dev.slipway.error.ErrorCode;
import dev.slipway.error.SlipwayException;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/// The directory in which a coordinator keeps everything ({@link DataLayout}), and its `lock`: one
/// coordinator at a time. Only its owner may look into it.
final class DataFolder implements AutoCloseable {
    /// POSIX drops a process's lock when the process closes any descriptor of the file, so a folder
    /// that this process has locked must not be tried again.
    private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();

    private final DataLayout layout;
    private final FileChannel lockFile;

    private DataFolder(DataLayout layout, FileChannel lockFile) {
        this.layout = layout;
        this.lockFile = lockFile;
    }

    /// Makes the directory when there is none, and takes it.
    ///
    /// @throws SlipwayException when another process has it, this user may not write there, a newer
    ///   Slipway wrote it, or it is half of a restore
    static DataFolder open(Path root) {
        return take(root)
                .orElseThrow(
                        () ->
                                new SlipwayException(
                                        ErrorCode.STORAGE_FAILED,
                                        ("Another coordinator%s uses the data directory %s. Stop"
                                                        + " it, or choose another directory with"
                                                        + " --data.")
                                                .formatted(owner(root), root)));
    }

    /// The same; empty when another coordinator has it.
    static Optional<DataFolder> openFree(Path root) {
        return take(root);
    }

    private static Optional<DataFolder> take(Path root) {
        if (!HELD.add(key(root))) {
            return Optional.empty();
        }
        Optional<DataFolder> taken = Optional.empty();
        try {
            Durable.createPrivateFolders(root);
            taken = lockAndCheck(root);
        } catch (IOException problem) {
            throw new SlipwayException(
                    ErrorCode.STORAGE_FAILED,
                    "The data directory %s cannot be made or written (%s). Free space on its disk,"
                                    .formatted(root, problem)
                            + " give this user write permission, or choose another with --data.",
                    problem);
        } finally {
            if (taken.isEmpty()) {
                HELD.remove(key(root));
            }
        }
        return taken;
    }

    private static Optional<DataFolder> lockAndCheck(Path root) throws IOException {
        FileChannel lockFile =
                FileChannel.open(
                        root.resolve("lock"),
                        StandardOpenOption.CREATE,
                        StandardOpenOption.READ,
                        StandardOpenOption.WRITE);
        boolean usable = false;
        try {
            if (lockFile.tryLock() == null) {
                return Optional.empty();
            }
            var pid = Long.toString(ProcessHandle.current().pid());
            lockFile.truncate(0);
            lockFile.write(ByteBuffer.wrap(pid.getBytes(StandardCharsets.UTF_8)), 0);
            var layout = new DataLayout(root);
            checkFormat(layout);
            adopt(layout);
            prepare(layout);
            usable = true;
            return Optional.of(new DataFolder(layout, lockFile));
        } finally {
            if (!usable) {
                lockFile.close();
            }
        }
    }

    private static String owner(Path root) {
        if (HELD.contains(key(root))) {
            return " (in this process)";
        }
        try {
            String pid = Files.readString(root.resolve("lock")).strip();
            return pid.isEmpty() ? "" : " (process %s)".formatted(pid);
        } catch (IOException unreadable) {
            return "";
        }
    }

    private static Path key(Path root) {
        return root.toAbsolutePath().normalize();
    }

    private static void checkFormat(DataLayout layout) throws IOException {
        if (Files.exists(layout.unfinishedRestore())) {
            throw new SlipwayException(
                    ErrorCode.STORAGE_FAILED,
                    "A restore into %s has not ended: what is there is half of a backup. Delete the"
                                    .formatted(layout.root())
                            + " directory and run `slipway restore` again.");
        }
        if (!Files.exists(layout.format()) || DataFormat.require(layout) < DataFormat.CURRENT) {
            DataFormat.write(layout);
        }
    }

    /// The folders are there before anybody syncs what is in them.
    private static void prepare(DataLayout layout) throws IOException {
        Durable.createPrivateFolders(layout.database());
        Durable.createPrivateFolders(layout.logs());
        Durable.createPrivateFolders(layout.blobs());
    }

    /// Takes a whole checkpoint of another coordinator in place of what is here. May be ended
    /// anywhere: the next start goes on.
    private static void adopt(DataLayout layout) throws IOException {
        if (!Files.exists(layout.incomingReady())) {
            delete(layout.incoming());
            return;
        }
        Path old = layout.root().resolve("replaced");
        Files.createDirectories(old);
        for (Path part : List.of(layout.database(), layout.logs())) {
            Path fresh = layout.incoming().resolve(part.getFileName());
            if (Files.exists(fresh)) {
                if (Files.exists(part)) {
                    delete(old.resolve(part.getFileName()));
                    Files.move(part, old.resolve(part.getFileName()));
                }
                Files.move(fresh, part);
            }
        }
        Durable.syncFolder(layout.root());
        Files.delete(layout.incomingReady());
        delete(layout.incoming());
        delete(old);
    }

    /// Deletes a folder with all that is in it, if it exists.
    static void delete(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }

    DataLayout layout() {
        return layout;
    }

    @Override
    public void close() throws IOException {
        lockFile.close();
        HELD.remove(key(layout.root()));
    }
}
