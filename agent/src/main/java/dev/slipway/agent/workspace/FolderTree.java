package dev.slipway.agent.workspace;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;

/// Measures and deletes whole folders, never following links, whatever jobs left in them: read-only
/// folders (Go's module cache), files that vanish meanwhile.
final class FolderTree {
    private FolderTree() {}

    /// The bytes of all files below `folder`; 0 when it is gone.
    static long size(Path folder) throws IOException {
        return measure(folder).bytes();
    }

    /// @param bytes of all files
    /// @param lastAccess when one of them was read last
    record Measure(long bytes, Instant lastAccess) {}

    /// Looks at all files below `folder`.
    static Measure measure(Path folder) throws IOException {
        var visitor =
                new SimpleFileVisitor<Path>() {
                    private long total;
                    private Instant lastAccess = Instant.EPOCH;

                    @Override
                    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                        total += attributes.size();
                        Instant accessed = attributes.lastAccessTime().toInstant();
                        lastAccess = accessed.isAfter(lastAccess) ? accessed : lastAccess;
                        return FileVisitResult.CONTINUE;
                    }

                    @Override
                    public FileVisitResult visitFileFailed(Path file, IOException problem) {
                        // Unreadable or gone: it does not count, and deleting it will say more.
                        return FileVisitResult.CONTINUE;
                    }

                    @Override
                    public FileVisitResult postVisitDirectory(
                            Path visited, @Nullable IOException problem) {
                        return FileVisitResult.CONTINUE;
                    }
                };
        Files.walkFileTree(folder, visitor);
        return new Measure(visitor.total, visitor.lastAccess);
    }

    /// Deletes `folder` and all that is in it. Deleting one that is gone does nothing.
    static void delete(Path folder) throws IOException {
        if (!Files.exists(folder, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        Files.walkFileTree(
                folder,
                new SimpleFileVisitor<>() {
                    @Override
                    public FileVisitResult preVisitDirectory(
                            Path visited, BasicFileAttributes attributes) throws IOException {
                        unlock(visited);
                        return FileVisitResult.CONTINUE;
                    }

                    @Override
                    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
                            throws IOException {
                        Files.deleteIfExists(file);
                        return FileVisitResult.CONTINUE;
                    }

                    @Override
                    public FileVisitResult visitFileFailed(Path file, IOException problem)
                            throws IOException {
                        if (problem instanceof NoSuchFileException) {
                            return FileVisitResult.CONTINUE;
                        }
                        if (problem instanceof AccessDeniedException
                                && Files.isDirectory(file, LinkOption.NOFOLLOW_LINKS)
                                && !Files.isReadable(file)) {
                            unlock(file);
                            delete(file);
                            return FileVisitResult.CONTINUE;
                        }
                        throw problem;
                    }

                    @Override
                    public FileVisitResult postVisitDirectory(
                            Path visited, @Nullable IOException problem) throws IOException {
                        if (problem != null) {
                            throw problem;
                        }
                        Files.deleteIfExists(visited);
                        return FileVisitResult.CONTINUE;
                    }
                });
    }

    /// A folder's entries can be deleted only when it can be written.
    private static void unlock(Path folder) throws IOException {
        if (!Files.isWritable(folder) || !Files.isReadable(folder)) {
            Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
        }
    }
}
