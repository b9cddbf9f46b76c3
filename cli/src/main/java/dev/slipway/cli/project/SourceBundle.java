package dev.slipway.cli.project;

import com.github.luben.zstd.ZstdOutputStream;

import dev.slipway.cli.client.BlobRef;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;

/// A working tree, packed: tar in zstd in a temporary file that {@link #close} deletes.
public final class SourceBundle implements AutoCloseable {
    private static final int LEVEL = 3;
    private static final int BUFFER = 128 * 1024;

    private final Path file;
    private final BlobRef blob;

    private SourceBundle(Path file, BlobRef blob) {
        this.file = file;
        this.blob = blob;
    }

    /// Packs the tree alone.
    public static SourceBundle pack(WorkingTree tree) throws IOException {
        return pack(tree, Optional.empty());
    }

    /// Packs a project's tree with the history behind it.
    public static SourceBundle pack(Project project, WorkingTree tree)
            throws IOException, InterruptedException {
        Optional<History> history = History.of(project);
        if (history.isEmpty()) {
            return pack(tree);
        }
        try (History known = history.get()) {
            return pack(tree, Optional.of(known));
        }
    }

    private static SourceBundle pack(WorkingTree tree, Optional<History> history)
            throws IOException {
        Path file = Files.createTempFile("slipway-source-", ".tar.zst");
        try {
            MessageDigest digest = digest("SHA-256");
            try (OutputStream out =
                    new BufferedOutputStream(
                            new ZstdOutputStream(
                                    new DigestOutputStream(
                                            new BufferedOutputStream(
                                                    Files.newOutputStream(file), BUFFER),
                                            digest),
                                    LEVEL),
                            BUFFER)) {
                var tar = new TarWriter(out);
                tree.write(tar, out);
                if (history.isPresent()) {
                    history.get().write(tar, out);
                }
                tar.finish();
            }
            String sha256 = HexFormat.of().formatHex(digest.digest());
            return new SourceBundle(file, new BlobRef(sha256, Files.size(file)));
        } catch (IOException | RuntimeException failed) {
            Files.deleteIfExists(file);
            throw failed;
        }
    }

    /// A name for the tree's content in the form of a commit: 40 hexadecimal digits.
    public static String treeHash(WorkingTree tree) throws IOException {
        MessageDigest digest = digest("SHA-1");
        try (OutputStream out =
                new BufferedOutputStream(
                        new DigestOutputStream(OutputStream.nullOutputStream(), digest), BUFFER)) {
            tree.writeTar(out);
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    private static MessageDigest digest(String algorithm) {
        try {
            return MessageDigest.getInstance(algorithm);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every JDK has " + algorithm, impossible);
        }
    }

    public Path file() {
        return file;
    }

    public BlobRef blob() {
        return blob;
    }

    @Override
    public void close() throws IOException {
        Files.deleteIfExists(file);
    }
}
