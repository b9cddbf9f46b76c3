package dev.slipway.coordinator.backup;

import java.io.EOFException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.util.Optional;
import java.util.function.Consumer;

/// Copies files into a fresh folder: synced, with their times, and as hard links to the files of an
/// earlier copy where those are the same.
final class FileCopier {
    private final Path target;
    private final Optional<Path> earlier;
    private final Consumer<Progress> listener;
    private long files;
    private long bytes;
    private long newFiles;
    private long newBytes;

    /// How far a copy is.
    public record Progress(long files, long bytes, long newFiles, long newBytes) {}

    /// @param earlier an earlier copy; its files are never changed
    FileCopier(Path target, Optional<Path> earlier, Consumer<Progress> listener) {
        this.target = target;
        this.earlier = earlier;
        this.listener = listener;
    }

    /// Copies a file of which a part may be written to: its first `length` bytes.
    ///
    /// @param relative where it goes
    void copy(Path file, Path relative, long length) throws IOException {
        FileTime time = Files.getLastModifiedTime(file);
        Path before = earlier.map(folder -> folder.resolve(relative)).orElse(null);
        if (before != null
                && Files.exists(before)
                && Files.size(before) == length
                && Files.getLastModifiedTime(before).equals(time)) {
            link(before, relative, length);
        } else {
            write(file, relative, length, time);
        }
    }

    /// Copies a whole file whose name says what is in it.
    void copyNamedByContent(Path file, Path relative) throws IOException {
        long length = Files.size(file);
        Path before = earlier.map(folder -> folder.resolve(relative)).orElse(null);
        if (before != null && Files.exists(before) && Files.size(before) == length) {
            link(before, relative, length);
        } else {
            write(file, relative, length, Files.getLastModifiedTime(file));
        }
    }

    Progress progress() {
        return new Progress(files, bytes, newFiles, newBytes);
    }

    private void link(Path before, Path relative, long length) throws IOException {
        Files.createLink(place(relative), before);
        count(length, false);
    }

    private void write(Path file, Path relative, long length, FileTime time) throws IOException {
        Path copy = place(relative);
        try (var from = FileChannel.open(file);
                var to =
                        FileChannel.open(
                                copy, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            long done = 0;
            while (done < length) {
                long part = from.transferTo(done, length - done, to);
                if (part <= 0) {
                    throw new EOFException(
                            "%s has %d bytes, not the %d that the tables name"
                                    .formatted(file, from.size(), length));
                }
                done += part;
            }
            Files.setLastModifiedTime(copy, time);
            to.force(true);
        }
        count(length, true);
    }

    private Path place(Path relative) throws IOException {
        Path copy = target.resolve(relative);
        Path folder = copy.getParent();
        if (folder != null) {
            Files.createDirectories(folder);
        }
        return copy;
    }

    private void count(long length, boolean fresh) {
        files++;
        bytes += length;
        if (fresh) {
            newFiles++;
            newBytes += length;
        }
        listener.accept(progress());
    }
}
