package dev.slipway.coordinator.logs;

import dev.slipway.error.ErrorCode;
import dev.slipway.error.SlipwayException;

import org.jspecify.annotations.Nullable;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/// The files that hold the chunks: `00000001.log` and so on, each written once from front to back.
/// Staging and syncing belong to one thread; reading is free for all. A start never appends to an
/// old file, so that what was synced once is never touched again.
final class Segments implements AutoCloseable {
    private static final int STAGING = 1 << 20;
    private static final String SUFFIX = ".log";

    private final Path folder;
    private final long size;
    private final ByteBuffer staging = ByteBuffer.allocateDirect(STAGING);
    private int number;
    private @Nullable FileChannel current;
    private long written;
    private long synced;
    private @Nullable Doubtful doubtful;

    /// A file whose last write or sync failed.
    ///
    /// @param durable what is in it up to here is sure
    private record Doubtful(int segment, long durable) {}

    /// @param size a new file is begun when one has reached it
    Segments(Path folder, long size) throws IOException {
        this.folder = folder;
        this.size = size;
        Files.createDirectories(folder);
        SortedSet<Integer> found = list();
        this.number = found.isEmpty() ? 0 : found.last();
    }

    SortedSet<Integer> list() throws IOException {
        var found = new TreeSet<Integer>();
        try (var files = Files.newDirectoryStream(folder, "*" + SUFFIX)) {
            for (Path file : files) {
                String name = file.getFileName().toString();
                found.add(Integer.parseInt(name.substring(0, name.length() - SUFFIX.length())));
            }
        }
        return found;
    }

    /// The file that the next record goes to; it is begun when there is none.
    int begin() throws IOException {
        if (current == null) {
            cutDoubtful();
            number++;
            current =
                    FileChannel.open(
                            path(number), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
            written = 0;
            synced = 0;
            staging.clear();
            syncFolder();
        }
        return number;
    }

    /// The newest file's number.
    int number() {
        return number;
    }

    /// Whether records may still go to this file.
    boolean isOpen(int segment) {
        return current != null && segment == number;
    }

    /// Takes a record for the current file; it is durable after {@link #sync}.
    ///
    /// @return the offset at which the record begins
    long stage(ByteBuffer header, ByteBuffer data) throws IOException {
        long at = written + staging.position();
        put(header.duplicate());
        put(data.duplicate());
        return at;
    }

    private void put(ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            if (!staging.hasRemaining()) {
                flush();
            }
            int part = Math.min(bytes.remaining(), staging.remaining());
            staging.put(bytes.slice(bytes.position(), part));
            bytes.position(bytes.position() + part);
        }
    }

    private void flush() throws IOException {
        staging.flip();
        while (staging.hasRemaining()) {
            written += channel().write(staging, written);
        }
        staging.clear();
    }

    /// Makes everything staged durable, and ends the file when it is long enough.
    void sync() throws IOException {
        flush();
        channel().force(false);
        synced = written;
        if (written >= size) {
            close();
        }
    }

    /// After a failure: nothing that is not synced counts, and the file gets no more records. What
    /// is in doubt is cut off, at the latest before the next file is begun: only the newest file
    /// may have a damaged end.
    void abandon() throws IOException {
        FileChannel failed = current;
        current = null;
        staging.clear();
        if (failed != null) {
            doubtful = new Doubtful(number, synced);
            failed.close();
        }
        cutDoubtful();
    }

    private void cutDoubtful() throws IOException {
        Doubtful cut = doubtful;
        if (cut != null) {
            try (var channel = FileChannel.open(path(cut.segment()), StandardOpenOption.WRITE)) {
                channel.truncate(cut.durable());
                channel.force(true);
            }
            doubtful = null;
        }
    }

    private FileChannel channel() throws IOException {
        if (current == null) {
            throw new IOException("no log segment is open");
        }
        return current;
    }

    /// The bytes of a chunk; null when its file is gone (retention removed it meanwhile).
    byte @Nullable [] read(ChunkRow row) throws IOException {
        return read(folder, row);
    }

    /// The same from a folder that nobody writes to.
    static byte @Nullable [] read(Path folder, ChunkRow row) throws IOException {
        Path file = path(folder, row.segment());
        byte[] data = new byte[row.length()];
        try (var channel = FileChannel.open(file)) {
            readFully(channel, row.offset(), data);
        } catch (NoSuchFileException gone) {
            return null;
        } catch (EOFException cut) {
            throw damaged(file, row.offset(), "it ends there");
        }
        if (Record.crc(data, 0, data.length) != row.crc32c()) {
            throw damaged(file, row.offset(), "the checksum is wrong");
        }
        return data;
    }

    /// Gives every whole record from an offset on to the visitor.
    ///
    /// @param newest whether a damaged end is what a crash may leave (it is cut off), or damage
    /// @return the offset behind the last record
    long scan(int segment, long from, boolean newest, Visitor visitor) throws IOException {
        try (var channel =
                FileChannel.open(
                        path(segment), StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            long at = from;
            long end = channel.size();
            if (end < from) {
                throw damaged(path(segment), end, "%d bytes are missing".formatted(from - end));
            }
            while (at < end) {
                Record read = readRecord(channel, at, end);
                if (read == null) {
                    if (!newest) {
                        throw damaged(path(segment), at, "no whole record is there");
                    }
                    channel.truncate(at);
                    channel.force(true);
                    break;
                }
                visitor.visit(read, at);
                at += read.length();
            }
            return at;
        }
    }

    private static @Nullable Record readRecord(FileChannel channel, long at, long end)
            throws IOException {
        if (end - at < Record.HEAD) {
            return null;
        }
        byte[] head = new byte[Record.HEAD];
        readFully(channel, at, head);
        var headBuffer = ByteBuffer.wrap(head);
        int restLength = Record.restLength(headBuffer);
        if (restLength < 0 || end - at - Record.HEAD < restLength) {
            return null;
        }
        byte[] rest = new byte[restLength];
        readFully(channel, at + Record.HEAD, rest);
        return Record.read(headBuffer, rest);
    }

    private static void readFully(FileChannel channel, long at, byte[] into) throws IOException {
        var buffer = ByteBuffer.wrap(into);
        while (buffer.hasRemaining()) {
            if (channel.read(buffer, at + buffer.position()) < 0) {
                throw new EOFException();
            }
        }
    }

    /// Links all files into another folder.
    ///
    /// @return their lengths
    SortedMap<String, Long> link(Path into) throws IOException {
        var sizes = new TreeMap<String, Long>();
        for (int segment : list()) {
            Path file = path(segment);
            Path target = into.resolve(file.getFileName());
            Files.createLink(target, file);
            sizes.put(target.getFileName().toString(), Files.size(target));
        }
        return sizes;
    }

    /// Durably: a file that came back after its row is gone would be taken for new output.
    void delete(int segment) throws IOException {
        Files.deleteIfExists(path(segment));
        syncFolder();
    }

    private static SlipwayException damaged(Path file, long offset, String how) {
        return new SlipwayException(
                ErrorCode.STORAGE_FAILED,
                "The log file %s is damaged at byte %d: %s. Check the disk and restore the file"
                                .formatted(file, offset, how)
                        + " from a backup.");
    }

    private Path path(int segment) {
        return path(folder, segment);
    }

    static Path path(Path folder, int segment) {
        return folder.resolve("%08d%s".formatted(segment, SUFFIX));
    }

    private void syncFolder() throws IOException {
        try (var channel = FileChannel.open(folder)) {
            channel.force(true);
        }
    }

    @Override
    public void close() throws IOException {
        if (current != null) {
            current.close();
            current = null;
        }
    }

    interface Visitor {
        void visit(Record read, long offset);
    }
}
