package dev.slipway.coordinator.blobs;

import dev.slipway.coordinator.storage.Problem;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/// Reads every blob in a folder, compares its digest with its name, and says which blobs are
/// damaged or missing. Changes nothing.
public final class BlobCheck {
    /// What a store keeps beside its blobs; of no use to anybody but the processes that wrote it.
    private static final List<String> WORKING = List.of(Names.PARTIAL, Names.PINS, Names.EPOCHS);

    private final Path root;
    private final Consumer<Problem> found;

    /// Digest → the best file that has it in its name: damaged ones too, so that they are told
    /// once.
    private final Map<String, Held> held = new HashMap<>();

    private long bytes;

    private record Held(Path file, long size, boolean intact) {}

    public BlobCheck(Path root, Consumer<Problem> found) {
        this.root = root;
        this.found = found;
    }

    /// Whether a file in a folder of blobs is a blob, and not what a running store notes beside
    /// them.
    ///
    /// @param relative its path below that folder
    public static boolean isBlob(Path relative) {
        String name = relative.toString();
        return Names.parse(name).filter(parsed -> parsed.blob().equals(name)).isPresent();
    }

    /// Reads all files; before {@link #require}.
    public void run() {
        if (!Files.isDirectory(root)) {
            return;
        }
        try (var files = Files.walk(root)) {
            files.filter(Files::isRegularFile).sorted().forEach(this::file);
        } catch (IOException | UncheckedIOException problem) {
            found.accept(new Problem(root.toString(), "it cannot be read: " + problem));
        }
    }

    private void file(Path file) {
        String name = root.relativize(file).toString();
        if (WORKING.stream().anyMatch(name::startsWith)) {
            return;
        }
        var parsed = Names.parse(name).orElse(null);
        if (parsed == null || !name.startsWith(parsed.blob())) {
            found.accept(new Problem(file.toString(), "its name is not that of a blob"));
        } else if (parsed.doomedBy().isEmpty()) {
            blob(file, parsed.digest());
        }
    }

    private void blob(Path file, String digest) {
        try {
            long size = Files.size(file);
            String actual = digest(file);
            boolean intact = actual.equals(digest);
            if (!intact) {
                found.accept(new Problem(file.toString(), "its content has digest " + actual));
            }
            held.merge(
                    digest,
                    new Held(file, size, intact),
                    (before, now) -> before.intact() ? before : now);
        } catch (NoSuchFileException gone) {
            // A running store has removed it; when something needs it, require says so.
        } catch (IOException problem) {
            found.accept(new Problem(file.toString(), "it cannot be read: " + problem));
        }
    }

    private String digest(Path file) throws IOException {
        MessageDigest digest = Sha256.begin();
        byte[] buffer = new byte[1 << 16];
        try (var in = Files.newInputStream(file)) {
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                digest.update(buffer, 0, read);
                bytes += read;
            }
        }
        return Sha256.hex(digest);
    }

    /// Says so when a blob that is needed is not there.
    ///
    /// @param neededBy for people
    public void require(BlobRef blob, String neededBy) {
        Held file = held.get(blob.sha256());
        if (file == null) {
            found.accept(
                    new Problem(
                            root.resolve(Names.prefix(blob.sha256())).toString(),
                            "the file is gone; %s needs it".formatted(neededBy)));
        } else if (file.size() != blob.size()) {
            found.accept(
                    new Problem(
                            file.file().toString(),
                            "it has %d bytes; %s needs %d"
                                    .formatted(file.size(), neededBy, blob.size())));
        }
    }

    /// Requires all that an artifact or a cache consists of.
    public void requireAll(BlobRef manifest, String neededBy) {
        require(manifest, neededBy);
        Held file = held.get(manifest.sha256());
        if (file == null) {
            return;
        }
        try {
            Manifest.decode(Files.readAllBytes(file.file()))
                    .blobs()
                    .forEach(blob -> require(blob, neededBy));
        } catch (IOException | RuntimeException damaged) {
            found.accept(
                    new Problem(
                            file.file().toString(),
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
}
