package dev.slipway.agent.output;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import java.util.zip.CRC32C;

/// Records in append-only files of a folder, as `length (4) · CRC-32C (4) · bytes`. Old files are
/// deleted as a whole. Not synced: it must outlive the agent, not the machine. A record that a kill
/// cut off is dropped when the folder is opened again. One thread at a time.
final class Segments implements AutoCloseable {
    private static final int HEADER = 8;
    private static final String SUFFIX = ".seg";

    /// Where a record is.
    record Place(long segment, long position, int length) {}

    private final Path directory;
    private final long segmentBytes;
    private final TreeMap<Long, FileChannel> channels = new TreeMap<>();
    private @Nullable FileChannel current;
    private long currentNumber = -1;
    private long currentSize;

    private Segments(Path directory, long segmentBytes) {
        this.directory = directory;
        this.segmentBytes = segmentBytes;
    }

    /// Opens a folder, made when missing.
    ///
    /// @param segmentBytes a file is followed by the next one when it has this size
    /// @param found told every record with its place, in order
    static Segments open(Path directory, long segmentBytes, BiConsumer<Place, byte[]> found)
            throws IOException {
        Files.createDirectories(directory);
        var segments = new Segments(directory, segmentBytes);
        try {
            for (long number : segments.numbers()) {
                segments.recover(number, found);
            }
        } catch (IOException | RuntimeException e) {
            segments.close();
            throw e;
        }
        return segments;
    }

    private List<Long> numbers() throws IOException {
        var numbers = new ArrayList<Long>();
        try (Stream<Path> files = Files.list(directory)) {
            files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(SUFFIX))
                    .map(name -> name.substring(0, name.length() - SUFFIX.length()))
                    .map(Long::parseLong)
                    .sorted()
                    .forEach(numbers::add);
        }
        return numbers;
    }

    private void recover(long number, BiConsumer<Place, byte[]> found) throws IOException {
        FileChannel channel = openFile(number);
        long size = channel.size();
        long at = 0;
        while (at + HEADER <= size) {
            ByteBuffer header = readAt(channel, at, HEADER);
            int length = header.getInt();
            int crc = header.getInt();
            if (length < 0 || at + HEADER + length > size) {
                break;
            }
            byte[] bytes = readAt(channel, at + HEADER, length).array();
            if (crc(bytes) != crc) {
                break;
            }
            found.accept(new Place(number, at + HEADER, length), bytes);
            at += HEADER + (long) length;
        }
        channel.truncate(at);
        current = channel;
        currentNumber = number;
        currentSize = at;
    }

    private FileChannel openFile(long number) throws IOException {
        Path file = directory.resolve("%019d%s".formatted(number, SUFFIX));
        FileChannel channel =
                FileChannel.open(
                        file,
                        StandardOpenOption.CREATE,
                        StandardOpenOption.READ,
                        StandardOpenOption.WRITE);
        channels.put(number, channel);
        return channel;
    }

    /// Whether the next record will be the first of a file.
    boolean startsFile() {
        return current == null || currentSize >= segmentBytes;
    }

    Place append(byte[] bytes) throws IOException {
        FileChannel channel = current;
        if (channel == null || startsFile()) {
            channel = openFile(currentNumber + 1);
            current = channel;
            currentNumber++;
            currentSize = 0;
        }
        var record = ByteBuffer.allocate(HEADER + bytes.length);
        record.putInt(bytes.length).putInt(crc(bytes)).put(bytes).flip();
        var place = new Place(currentNumber, currentSize + HEADER, bytes.length);
        long at = currentSize;
        while (record.hasRemaining()) {
            at += channel.write(record, at);
        }
        currentSize = at;
        return place;
    }

    byte[] read(Place place) throws IOException {
        FileChannel channel = channels.get(place.segment());
        if (channel == null) {
            throw new IOException("log segment %d is deleted".formatted(place.segment()));
        }
        return readAt(channel, place.position(), place.length()).array();
    }

    /// Deletes the files before the one of that number; the last file always stays.
    void deleteBefore(long segment) throws IOException {
        while (!channels.isEmpty()
                && channels.firstKey() < segment
                && channels.firstKey() < currentNumber) {
            Map.Entry<Long, FileChannel> oldest = channels.pollFirstEntry();
            long number = oldest.getKey();
            oldest.getValue().close();
            Files.deleteIfExists(directory.resolve("%019d%s".formatted(number, SUFFIX)));
        }
    }

    private static ByteBuffer readAt(FileChannel channel, long position, int length)
            throws IOException {
        var buffer = ByteBuffer.allocate(length);
        while (buffer.hasRemaining()) {
            if (channel.read(buffer, position + buffer.position()) < 0) {
                throw new IOException("a log segment is shorter than it was");
            }
        }
        return buffer.flip();
    }

    private static int crc(byte[] bytes) {
        var crc = new CRC32C();
        crc.update(bytes, 0, bytes.length);
        return (int) crc.getValue();
    }

    @Override
    public void close() throws IOException {
        for (FileChannel channel : channels.values()) {
            channel.close();
        }
        channels.clear();
        current = null;
    }
}
