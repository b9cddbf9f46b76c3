package dev.slipway.agent.workspace;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/// RUNNER_TOOL_CACHE: what setup actions install, `TOOL/VERSION/ARCH`, shared by all jobs.
final class ToolCache {
    private final Path folder;

    /// @param folder need not exist
    ToolCache(Path folder) {
        this.folder = folder;
    }

    /// One version of one tool.
    ///
    /// @param lastUse when a file of it was read or run, or it was installed; a file system that
    ///   keeps no access times knows the latter only. Folders do not count: measuring reads them.
    record Tool(Path folder, long bytes, Instant lastUse) {}

    Path folder() {
        return folder;
    }

    List<Tool> tools() throws IOException {
        var tools = new ArrayList<Tool>();
        for (Path name : folders(folder)) {
            for (Path version : folders(name)) {
                tools.add(measure(version));
            }
        }
        return tools;
    }

    private static Tool measure(Path version) throws IOException {
        FolderTree.Measure measured = FolderTree.measure(version);
        Instant latest = measured.lastAccess();
        List<Path> installed = new ArrayList<>(folders(version));
        installed.add(version);
        for (Path path : installed) {
            Instant at = Files.getLastModifiedTime(path).toInstant();
            latest = at.isAfter(latest) ? at : latest;
        }
        return new Tool(version, measured.bytes(), latest);
    }

    private static List<Path> folders(Path parent) throws IOException {
        var found = new ArrayList<Path>();
        if (!Files.isDirectory(parent)) {
            return found;
        }
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(parent, Files::isDirectory)) {
            entries.forEach(found::add);
        }
        return found;
    }
}
