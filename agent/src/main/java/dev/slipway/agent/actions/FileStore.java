package dev.slipway.agent.actions;

import dev.slipway.agent.actions.Storage.Blob;
import dev.slipway.agent.actions.Storage.Content;
import dev.slipway.agent.actions.Storage.Missing;
import dev.slipway.agent.actions.Storage.StoredFile;
import dev.slipway.error.ErrorCode;
import dev.slipway.error.SlipwayException;
import dev.slipway.time.Threads;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;

/// Moves files between a machine and the farm's blob store: content by its digest, so that equal
/// files and pieces travel once and an interrupted upload goes on where it was.
final class FileStore {
    /// Files up to this size are one blob; larger ones are cut into pieces of it.
    static final int PIECE = 4 * 1024 * 1024;

    private static final int WIDTH = 4;
    private static final int BATCH = 1_000;
    private static final int BUFFER = 128 * 1024;

    private final Storage storage;
    private final Threads threads;

    FileStore(Storage storage, Threads threads) {
        this.storage = storage;
        this.threads = threads;
    }

    /// Where a piece can be read again.
    private record Place(Path file, long offset) {}

    /// Uploads files, links and empty folders.
    ///
    /// @param entries what to store by the path it shall have; links are kept as links unless the
    ///   caller has resolved them
    /// @return the entries in the order of their paths
    List<StoredFile> upload(Map<String, Path> entries) throws IOException, InterruptedException {
        Map<Blob, Place> places = new ConcurrentHashMap<>();
        Map<String, StoredFile> stored = new ConcurrentSkipListMap<>();
        Parallel.forEach(
                entries.entrySet(),
                WIDTH,
                threads,
                entry ->
                        stored.put(
                                entry.getKey(),
                                describe(entry.getKey(), entry.getValue(), places)));
        List<Blob> blobs = new ArrayList<>(places.keySet());
        for (int from = 0; from < blobs.size(); from += BATCH) {
            List<Missing> missing =
                    storage.findMissing(blobs.subList(from, Math.min(blobs.size(), from + BATCH)));
            Parallel.forEach(missing, WIDTH, threads, one -> send(one, places));
        }
        return List.copyOf(stored.values());
    }

    private static StoredFile describe(String path, Path file, Map<Blob, Place> places)
            throws IOException {
        long modified = Files.getLastModifiedTime(file, LinkOption.NOFOLLOW_LINKS).toMillis();
        if (Files.isSymbolicLink(file)) {
            return new StoredFile(
                    path,
                    0777,
                    modified,
                    new Content.Symlink(Files.readSymbolicLink(file).toString()));
        }
        int mode = SafeFolder.bits(Files.getPosixFilePermissions(file));
        if (Files.isDirectory(file)) {
            return new StoredFile(path, mode, modified, new Content.Folder());
        }
        var pieces = new ArrayList<Blob>();
        long offset = 0;
        try (InputStream in = Files.newInputStream(file)) {
            byte[] buffer = new byte[BUFFER];
            boolean more = true;
            while (more) {
                MessageDigest digest = Blobs.sha256();
                int size = 0;
                while (size < PIECE) {
                    int n = in.read(buffer, 0, Math.min(buffer.length, PIECE - size));
                    if (n < 0) {
                        more = false;
                        break;
                    }
                    digest.update(buffer, 0, n);
                    size += n;
                }
                if (size > 0) {
                    var blob = new Blob(HexFormat.of().formatHex(digest.digest()), size);
                    pieces.add(blob);
                    places.putIfAbsent(blob, new Place(file, offset));
                    offset += size;
                }
            }
        }
        return new StoredFile(path, mode, modified, new Content.Pieces(pieces));
    }

    private void send(Missing missing, Map<Blob, Place> places)
            throws IOException, InterruptedException {
        Place place = places.get(missing.blob());
        if (place == null) {
            throw new IOException("the farm asks for content that was not offered: " + missing);
        }
        try {
            storage.upload(
                    missing,
                    offset -> {
                        InputStream in = Files.newInputStream(place.file());
                        in.skipNBytes(place.offset() + offset);
                        return new Limited(in, missing.blob().size() - offset);
                    });
        } catch (SlipwayException refused) {
            if (refused.code() == ErrorCode.DIGEST_MISMATCH) {
                throw new ActionFailure(
                        ("The file '%s' changed while it was uploaded. Let the step that writes it "
                                        + "end first.")
                                .formatted(place.file()),
                        refused);
            }
            throw refused;
        }
    }

    /// Writes stored files to their places.
    ///
    /// @param places by stored file: the folder that it must not leave, and its path in it
    void download(Map<StoredFile, Target> places) throws IOException, InterruptedException {
        Collection<Map.Entry<StoredFile, Target>> all = places.entrySet();
        Parallel.forEach(all, WIDTH, threads, entry -> write(entry.getKey(), entry.getValue()));
    }

    /// @param folder that the entry must not leave
    record Target(SafeFolder folder, String path) {}

    private void write(StoredFile stored, Target target) throws IOException, InterruptedException {
        SafeFolder folder = target.folder();
        switch (stored.content()) {
            case Content.Folder() -> folder.folder(target.path(), stored.mode());
            case Content.Symlink(String link) -> folder.symlink(target.path(), link);
            case Content.Pieces(List<Blob> blobs) -> {
                Path file = folder.place(target.path());
                Path part = file.resolveSibling(".slipway-part-" + file.getFileName());
                try (OutputStream out = Files.newOutputStream(part)) {
                    for (Blob blob : blobs) {
                        fetch(blob, out, stored);
                    }
                }
                SafeFolder.setMode(part, stored.mode() == 0 ? 0644 : stored.mode());
                if (stored.modifiedAtMillis() > 0) {
                    Files.setLastModifiedTime(part, FileTime.fromMillis(stored.modifiedAtMillis()));
                }
                folder.removeFile(file);
                Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
            }
        }
    }

    private void fetch(Blob blob, OutputStream out, StoredFile stored)
            throws IOException, InterruptedException {
        MessageDigest digest = Blobs.sha256();
        storage.download(blob, new Blobs.DigestOutput(out, digest));
        String actual = HexFormat.of().formatHex(digest.digest());
        if (!actual.equals(blob.sha256())) {
            throw new IOException(
                    "'%s' arrived damaged: the digest of a piece is %s instead of %s"
                            .formatted(stored.path(), actual, blob.sha256()));
        }
    }

    /// At most so many bytes of another stream.
    private static final class Limited extends InputStream {
        private final InputStream in;
        private long left;

        Limited(InputStream in, long left) {
            this.in = in;
            this.left = left;
        }

        @Override
        public int read() throws IOException {
            if (left <= 0) {
                return -1;
            }
            int b = in.read();
            left -= b < 0 ? 0 : 1;
            return b;
        }

        @Override
        public int read(byte[] bytes, int from, int length) throws IOException {
            if (left <= 0) {
                return -1;
            }
            int n = in.read(bytes, from, (int) Math.min(length, left));
            left -= Math.max(n, 0);
            return n;
        }

        @Override
        public void close() throws IOException {
            in.close();
        }
    }
}
