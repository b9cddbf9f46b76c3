package dev.slipway.agent.workspace;

import dev.slipway.id.Ids;
import dev.slipway.time.Threads;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/// Deletes folders without making anybody wait: they are renamed away at once and deleted in the
/// background. What an ended agent did not come to is deleted by the next one.
final class Rubbish {
    private static final Logger LOG = LoggerFactory.getLogger(Rubbish.class);

    private final Path bin;
    private final Ids ids;
    private final Threads threads;

    /// @param bin on the same file system as everything that is thrown away
    Rubbish(Path bin, Ids ids, Threads threads) throws IOException {
        this.bin = Files.createDirectories(bin);
        this.ids = ids;
        this.threads = threads;
        try (DirectoryStream<Path> left = Files.newDirectoryStream(bin)) {
            left.forEach(this::deleteInBackground);
        }
    }

    /// Makes `folder` vanish; one that does not exist is fine.
    void add(Path folder) throws IOException {
        if (!Files.exists(folder, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        Path thrownAway = bin.resolve(ids.fresh());
        Files.move(folder, thrownAway, StandardCopyOption.ATOMIC_MOVE);
        deleteInBackground(thrownAway);
    }

    private void deleteInBackground(Path folder) {
        threads.start("delete " + folder.getFileName(), () -> delete(folder));
    }

    private static void delete(Path folder) {
        try {
            FolderTree.delete(folder);
        } catch (IOException problem) {
            LOG.warn(
                    "A folder cannot be deleted and takes up space; files of other users in it need"
                            + " root: delete it by hand. folder={} problem={}",
                    folder,
                    problem.toString());
        }
    }
}
