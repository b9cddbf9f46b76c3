package dev.slipway.coordinator.backup;

import dev.slipway.coordinator.storage.Durable;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.function.Predicate;

/// Whole folders.
final class FileTree {
    private FileTree() {}

    /// What to do with one file.
    interface Visitor {
        /// @param relative the file's path below the folder
        void visit(Path file, Path relative) throws IOException;
    }

    /// Visits all files, passing over those that vanish meanwhile.
    ///
    /// @param enter whether to look into a folder
    static void files(Path root, Predicate<Path> enter, Visitor visitor) throws IOException {
        Files.walkFileTree(
                root,
                new SimpleFileVisitor<>() {
                    @Override
                    public FileVisitResult preVisitDirectory(
                            Path folder, BasicFileAttributes attributes) {
                        return enter.test(folder)
                                ? FileVisitResult.CONTINUE
                                : FileVisitResult.SKIP_SUBTREE;
                    }

                    @Override
                    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
                            throws IOException {
                        visitor.visit(file, root.relativize(file));
                        return FileVisitResult.CONTINUE;
                    }

                    @Override
                    public FileVisitResult visitFileFailed(Path file, IOException problem)
                            throws IOException {
                        if (problem instanceof NoSuchFileException) {
                            return FileVisitResult.CONTINUE;
                        }
                        throw problem;
                    }
                });
    }

    /// Deletes a folder and all that is in it, if it is there.
    static void delete(Path root) throws IOException {
        walkUp(root, Files::delete, Files::delete);
    }

    /// Makes all names in a folder and below durable.
    static void syncFolders(Path root) throws IOException {
        walkUp(root, file -> {}, Durable::syncFolder);
    }

    private interface Step {
        void on(Path path) throws IOException;
    }

    private static void walkUp(Path root, Step file, Step folder) throws IOException {
        if (!Files.exists(root, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        Files.walkFileTree(
                root,
                new SimpleFileVisitor<>() {
                    @Override
                    public FileVisitResult visitFile(Path one, BasicFileAttributes attributes)
                            throws IOException {
                        file.on(one);
                        return FileVisitResult.CONTINUE;
                    }

                    @Override
                    public FileVisitResult postVisitDirectory(
                            Path one, @Nullable IOException problem) throws IOException {
                        if (problem != null) {
                            throw problem;
                        }
                        folder.on(one);
                        return FileVisitResult.CONTINUE;
                    }
                });
    }
}
