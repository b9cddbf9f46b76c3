package dev.slipway.coordinator.blobs;

import dev.slipway.coordinator.storage.Problem;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.function.Consumer;

/// Reads every blob in a folder, compares its digest with its name, and says which blobs are
/// damaged or missing. Changes nothing.
public final class BlobCheck {
    private final Path root;
    private final Consumer<Problem> found;

    /// Digest → size of every file that has the name of a blob; damaged ones too, so that they are
    /// told once.
    private final Map<String, Long> held = new HashMap<>();

    private long bytes;

    public BlobCheck(Path root, Consumer<Problem> found) {
        this.root = root;
        this.found = found;
    }

    /// Reads all files; before {@link #require}.
    public void run() {
        if (!Files.isDirectory(root)) {
            return;
        }
        Path partial = root.resolve("partial");
        try (var files = Files.walk(root)) {
            files.filter(file -> !file.startsWith(partial))
                    .filter(Files::isRegularFile)
                    .sorted()
                    .forEach(this::file);
        } catch (IOException | UncheckedIOException problem) {
            found.accept(new Problem(root.toString(), "it cannot be read: " + problem));
        }
    }

    private void file(Path file) {
        String digest = String.valueOf(file.getFileName());
        if (!BlobRef.isDigest(digest)) {
            found.accept(new Problem(file.toString(), "its name is no digest"));
            return;
        }
        try {
            held.put(digest, Files.size(file));
            String actual = digest(file);
            if (!actual.equals(digest)) {
                found.accept(new Problem(file.toString(), "its content has digest " + actual));
            }
        } catch (NoSuchFileException gone) {
            held.remove(digest);
        } catch (IOException problem) {
            found.accept(new Problem(file.toString(), "it cannot be read: " + problem));
        }
    }

    private String digest(Path file) throws IOException {
        MessageDigest digest = DirectoryUpload.sha256();
        byte[] buffer = new byte[1 << 16];
        try (var in = Files.newInputStream(file)) {
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                digest.update(buffer, 0, read);
                bytes += read;
            }
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    /// Says so when a blob that is needed is not there.
    ///
    /// @param neededBy for people
    public void require(BlobRef blob, String neededBy) {
        Long size = held.get(blob.sha256());
        if (size == null) {
            found.accept(
                    new Problem(
                            path(blob).toString(),
                            "the file is gone; %s needs it".formatted(neededBy)));
        } else if (size != blob.size()) {
            found.accept(
                    new Problem(
                            path(blob).toString(),
                            "it has %d bytes; %s needs %d".formatted(size, neededBy, blob.size())));
        }
    }

    /// Requires all that an artifact or a cache consists of.
    public void requireAll(BlobRef manifest, String neededBy) {
        require(manifest, neededBy);
        if (!held.containsKey(manifest.sha256())) {
            return;
        }
        try {
            Manifest.decode(Files.readAllBytes(path(manifest)))
                    .blobs()
                    .forEach(blob -> require(blob, neededBy));
        } catch (IOException | RuntimeException damaged) {
            found.accept(
                    new Problem(
                            path(manifest).toString(),
                            "the list of files of %s cannot be read: %s"
                                    .formatted(neededBy, damaged)));
        }
    }

    /// How many blobs there are.
    public long blobs() {
        return held.size();
    }

    /// How many bytes were read.
    public long bytes() {
        return bytes;
    }

    private Path path(BlobRef blob) {
        return DirectoryBlobStore.path(root, blob.sha256());
    }
}
