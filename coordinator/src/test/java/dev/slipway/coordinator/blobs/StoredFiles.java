package dev.slipway.coordinator.blobs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.List;

/// The files behind a store.
final class StoredFiles {
    private StoredFiles() {}

    static List<Path> list(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return List.of();
        }
        try (var files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile).toList();
        }
    }

    /// Makes everything look older: time passes, and nothing waits.
    static void age(Path folder, Duration by) throws IOException {
        for (Path file : list(folder)) {
            var modified = Files.getLastModifiedTime(file).toInstant();
            Files.setLastModifiedTime(file, FileTime.from(modified.minus(by)));
        }
    }
}
