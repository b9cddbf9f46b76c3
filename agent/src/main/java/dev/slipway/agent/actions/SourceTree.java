package dev.slipway.agent.actions;

import com.github.luben.zstd.ZstdInputStream;

import dev.slipway.agent.workspace.Folders;
import dev.slipway.time.Threads;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Makes a folder from the source of a run.
public final class SourceTree {
    private SourceTree() {}

    /// Makes `target` the source's tree at a commit, for reading only: no repository. A target that
    /// is complete already stays.
    ///
    /// @throws ActionFailure when the run has no source, or git refuses
    public static void materialize(
            ActionCall.Source source, String sha, Path target, Storage storage, Threads threads)
            throws IOException, InterruptedException {
        Path marker = target.resolveSibling(target.getFileName() + ".complete");
        if (Files.exists(marker)) {
            return;
        }
        Folders.delete(target);
        Files.createDirectories(target);
        switch (source) {
            case ActionCall.Source.Bundle(Storage.Blob blob) -> unpackFiles(blob, target, storage);
            case ActionCall.Source.Git(String url) -> {
                var path = Map.of("PATH", "/usr/local/bin:/usr/bin:/bin");
                var git = new Git(target, path, "", line -> {}, threads);
                git.run(List.of("init", "--quiet", target.toString()));
                git.run(List.of("fetch", "--quiet", "--depth=1", url, sha));
                git.run(List.of("checkout", "--quiet", "--detach", "FETCH_HEAD"));
            }
            case ActionCall.Source.None() ->
                    throw new ActionFailure(
                            "The run was submitted without a source, so there is nothing to check"
                                    + " out. Submit it with a working tree or a git URL.");
        }
        Files.createFile(marker);
    }

    private static void unpackFiles(Storage.Blob blob, Path target, Storage storage)
            throws IOException, InterruptedException {
        unpack(blob, target, target.resolveSibling("_self.tar.zst"), storage);
        Folders.delete(target.resolve(".git"));
    }

    /// Downloads a bundle, checks its digest, and unpacks it.
    ///
    /// @param target exists
    /// @param archive where the bundle is kept meanwhile; its folder exists
    static void unpack(Storage.Blob blob, Path target, Path archive, Storage storage)
            throws IOException, InterruptedException {
        MessageDigest digest = Blobs.sha256();
        try (OutputStream out = Files.newOutputStream(archive)) {
            storage.download(blob, new Blobs.DigestOutput(out, digest));
        }
        String actual = HexFormat.of().formatHex(digest.digest());
        if (!actual.equals(blob.sha256())) {
            throw new IOException(
                    "the source bundle arrived damaged: its digest is %s instead of %s"
                            .formatted(actual, blob.sha256()));
        }
        try (InputStream in =
                new ZstdInputStream(new BufferedInputStream(Files.newInputStream(archive)))) {
            unpack(new TarReader(in), new SafeFolder(target));
        }
        Files.delete(archive);
    }

    private static void unpack(TarReader tar, SafeFolder folder)
            throws IOException, InterruptedException {
        byte[] buffer = new byte[64 * 1024];
        for (Optional<TarReader.Entry> entry = tar.next(); entry.isPresent(); entry = tar.next()) {
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            TarReader.Entry one = entry.get();
            switch (one.type()) {
                case FOLDER -> folder.folder(one.path(), one.mode());
                case SYMLINK -> folder.symlink(one.path(), one.target());
                case FILE -> {
                    Path file = folder.place(one.path());
                    folder.removeFile(file);
                    try (OutputStream out = Files.newOutputStream(file)) {
                        for (int n = tar.read(buffer); n >= 0; n = tar.read(buffer)) {
                            out.write(buffer, 0, n);
                        }
                    }
                    SafeFolder.setMode(file, one.mode());
                }
            }
        }
    }
}
