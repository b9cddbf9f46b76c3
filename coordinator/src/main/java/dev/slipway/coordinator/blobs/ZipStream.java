package dev.slipway.coordinator.blobs;

import java.io.IOException;
import java.io.OutputStream;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/// Writes the files of an artifact as a zip. The same files always give the same bytes, so that an
/// interrupted download can go on from an offset: entries in the manifest's order, stored times in
/// UTC, one compression level.
public final class ZipStream {
    private static final long EARLIEST_MS = 315_532_800_000L;

    private final BlobStore blobs;

    public ZipStream(BlobStore blobs) {
        this.blobs = blobs;
    }

    public void write(Manifest manifest, OutputStream to) throws IOException {
        var zip = new ZipOutputStream(to);
        zip.setLevel(1);
        for (StoredFile file : manifest.files()) {
            switch (file.content()) {
                case StoredFile.Content.Pieces pieces -> {
                    zip.putNextEntry(entry(file.path(), file.modifiedAtMs()));
                    for (BlobRef blob : pieces.blobs()) {
                        try (var in = blobs.open(blob, 0)) {
                            in.transferTo(zip);
                        }
                    }
                    zip.closeEntry();
                }
                case StoredFile.Content.Folder _ -> {
                    zip.putNextEntry(entry(file.path() + "/", file.modifiedAtMs()));
                    zip.closeEntry();
                }
                case StoredFile.Content.Symlink link ->
                        throw new IOException(
                                "artifacts hold no symbolic links: %s -> %s"
                                        .formatted(file.path(), link.target()));
            }
        }
        zip.finish();
    }

    /// Times before 1980 do not exist in a zip.
    private static ZipEntry entry(String path, long modifiedAtMs) {
        var entry = new ZipEntry(path);
        long seconds = Math.max(EARLIEST_MS, modifiedAtMs) / 1000;
        entry.setTimeLocal(LocalDateTime.ofEpochSecond(seconds, 0, ZoneOffset.UTC));
        return entry;
    }
}
