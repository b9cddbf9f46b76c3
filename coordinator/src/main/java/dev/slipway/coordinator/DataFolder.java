package dev.slipway.coordinator;

import dev.slipway.error.ErrorCode;
import dev.slipway.error.SlipwayException;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/// The directory in which a coordinator keeps everything: `db/` (RocksDB), `logs/` (output),
/// `blobs/` (files), `lock` (one coordinator at a time) and `format` (which version of Slipway may
/// read it). Only its owner may look into it.
final class DataFolder implements AutoCloseable {
    private static final String FORMAT = "1";

    private final Layout layout;
    private final FileChannel lockFile;

    /// Where things are.
    record Layout(Path root) {
        Path database() {
            return root.resolve("db");
        }

        Path logs() {
            return root.resolve("logs");
        }

        Path blobs() {
            return root.resolve("blobs");
        }

        /// Where a checkpoint of another coordinator is received.
        Path incoming() {
            return root.resolve("incoming");
        }

        /// Exists when it is whole.
        Path incomingReady() {
            return incoming().resolve("ready");
        }
    }

    private DataFolder(Path root, FileChannel lockFile) {
        this.layout = new Layout(root);
        this.lockFile = lockFile;
    }

    /// Makes the directory when there is none, and takes it.
    ///
    /// @throws SlipwayException when another process has it, this user may not write there, or a
    ///   newer Slipway wrote it
    static DataFolder open(Path root) {
        FileChannel lockFile;
        try {
            Files.createDirectories(
                    root,
                    PosixFilePermissions.asFileAttribute(
                            PosixFilePermissions.fromString("rwx------")));
            lockFile =
                    FileChannel.open(
                            root.resolve("lock"),
                            StandardOpenOption.CREATE,
                            StandardOpenOption.READ,
                            StandardOpenOption.WRITE);
        } catch (IOException problem) {
            throw new SlipwayException(
                    ErrorCode.STORAGE_FAILED,
                    "The data directory %s cannot be made or written (%s). Choose another with"
                                    .formatted(root, problem)
                            + " --data, or give this user write permission.",
                    problem);
        }
        try {
            take(root, lockFile);
            checkFormat(root);
            adopt(new Layout(root));
            return new DataFolder(root, lockFile);
        } catch (IOException problem) {
            close(lockFile, problem);
            throw new SlipwayException(
                    ErrorCode.STORAGE_FAILED,
                    "The data directory %s cannot be used (%s).".formatted(root, problem),
                    problem);
        } catch (SlipwayException problem) {
            close(lockFile, problem);
            throw problem;
        }
    }

    private static void take(Path root, FileChannel lockFile) throws IOException {
        FileLock lock;
        try {
            lock = lockFile.tryLock();
        } catch (OverlappingFileLockException sameProcess) {
            lock = null;
        }
        if (lock == null) {
            throw new SlipwayException(
                    ErrorCode.STORAGE_FAILED,
                    "Another coordinator%s uses the data directory %s. Stop it, or choose another"
                                    .formatted(owner(lockFile), root)
                            + " directory with --data.");
        }
        byte[] pid = Long.toString(ProcessHandle.current().pid()).getBytes(StandardCharsets.UTF_8);
        lockFile.truncate(0);
        lockFile.write(ByteBuffer.wrap(pid), 0);
    }

    private static String owner(FileChannel lockFile) throws IOException {
        var text = ByteBuffer.allocate(20);
        int read = lockFile.read(text, 0);
        return read <= 0
                ? ""
                : " (process %s)"
                        .formatted(new String(text.array(), 0, read, StandardCharsets.UTF_8));
    }

    private static void checkFormat(Path root) throws IOException {
        Path file = root.resolve("format");
        if (!Files.exists(file)) {
            Files.writeString(file, FORMAT + "\n");
            return;
        }
        String format = Files.readString(file).strip();
        if (!format.equals(FORMAT)) {
            throw new SlipwayException(
                    ErrorCode.STORAGE_FAILED,
                    "The data directory %s has format %s; this version of Slipway reads format %s."
                                    .formatted(root, format, FORMAT)
                            + " Start the version that wrote it.");
        }
    }

    /// Takes a whole checkpoint of another coordinator in place of what is here. May be ended
    /// anywhere: the next start goes on.
    private static void adopt(Layout layout) throws IOException {
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
        try (var folder = FileChannel.open(layout.root())) {
            folder.force(true);
        }
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

    private static void close(FileChannel channel, Exception cause) {
        try {
            channel.close();
        } catch (IOException also) {
            cause.addSuppressed(also);
        }
    }

    Layout layout() {
        return layout;
    }

    @Override
    public void close() throws IOException {
        lockFile.close();
    }
}
