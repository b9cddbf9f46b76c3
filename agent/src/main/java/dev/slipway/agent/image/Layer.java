package dev.slipway.agent.image;

import com.google.cloud.tools.jib.api.buildplan.AbsoluteUnixPath;
import com.google.cloud.tools.jib.api.buildplan.FileEntriesLayer;
import com.google.cloud.tools.jib.api.buildplan.FilePermissions;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;

/// One layer of files: all of root, with one time, in order of their names; a file that its owner
/// may run is 0755, another one 0644. So a layer does not depend on who checked the files out, and
/// when.
final class Layer {
    /// What one layer may hold.
    private static final int MOST_FILES = 500_000;

    private static final FilePermissions PROGRAM = FilePermissions.fromOctalString("755");

    private final Assembly.Files files;
    private final FileEntriesLayer.Builder entries = FileEntriesLayer.builder();
    private int count;

    Layer(Assembly.Files files) {
        this.files = files;
        entries.setName(files.target());
    }

    /// @throws IOException when a file cannot be read, or is none that an image may get
    FileEntriesLayer entries() throws IOException {
        add(files.source(), AbsoluteUnixPath.get(files.target()));
        return entries.build();
    }

    private void add(Path path, AbsoluteUnixPath target) throws IOException {
        if (++count > MOST_FILES) {
            throw new IOException(
                    "'%s' has more than %d files: too many for one line of the input files"
                            .formatted(files.source(), MOST_FILES));
        }
        if (Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
            if (!target.equals(AbsoluteUnixPath.get("/"))) {
                entries.addEntry(path, target, FilePermissions.DEFAULT_FOLDER_PERMISSIONS);
            }
            for (Path child : children(path)) {
                add(child, target.resolve(child.getFileName()));
            }
            return;
        }
        // Layers have no links here: the content that a link shows is put in its place.
        if (!Files.isRegularFile(path)
                || !path.toRealPath().startsWith(files.context().toRealPath())) {
            throw new IOException(
                    ("'%s' cannot be put into an image: it is neither a file, nor a folder, nor a"
                                    + " symbolic link to a file of the context")
                            .formatted(files.context().relativize(path)));
        }
        entries.addEntry(
                path.toRealPath(),
                target,
                Files.isExecutable(path) ? PROGRAM : FilePermissions.DEFAULT_FILE_PERMISSIONS);
    }

    private static List<Path> children(Path folder) throws IOException {
        try (var children = Files.list(folder)) {
            return children.sorted().toList();
        }
    }
}
