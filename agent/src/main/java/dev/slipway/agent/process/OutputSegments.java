package dev.slipway.agent.process;

import org.jspecify.annotations.Nullable;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.NavigableSet;
import java.util.TreeSet;
import java.util.concurrent.locks.ReentrantLock;

/// The output of a process on disk: segments named after the offset at which they start. The pump
/// only appends to the last one, so a segment is complete as soon as its successor exists, and the
/// successor's name follows from its length.
///
/// One thread may read while another acknowledges.
public final class OutputSegments implements AutoCloseable {
    private final Path folder;
    private final ReentrantLock acknowledging = new ReentrantLock();
    private final ReentrantLock reading = new ReentrantLock();

    // Guarded by the lock for reading.
    private boolean closed;

    /// The segment that is being read, open: it can be read even after it was deleted. Not a
    /// channel, because interrupting a thread that reads one closes it.
    private @Nullable RandomAccessFile open;

    private long openStart;

    // Guarded by the lock for acknowledging: how far is acknowledged, and the lowest offset that
    // may be on disk.
    private long acknowledged;
    private long kept = -1;

    public OutputSegments(Path folder) {
        this.folder = folder;
    }

    /// Reads what is there at `offset` without waiting.
    ///
    /// @return how many bytes were read; 0 when there is nothing at this offset now, or this is
    ///   closed
    public int read(long offset, byte[] buffer) throws IOException {
        reading.lock();
        try {
            int count = closed ? 0 : readOpen(offset, buffer);
            if (count == 0 && !closed && openAt(offset)) {
                count = readOpen(offset, buffer);
            }
            return count;
        } finally {
            reading.unlock();
        }
    }

    private int readOpen(long offset, byte[] buffer) throws IOException {
        if (open == null || offset < openStart) {
            return 0;
        }
        open.seek(offset - openStart);
        return Math.max(0, open.read(buffer));
    }

    /// Opens the segment that holds `offset`; false when no other than the open one can.
    private boolean openAt(long offset) throws IOException {
        if (open != null && offset >= openStart && offset <= openStart + open.length()) {
            // Reading in order: there is the next segment, or there is nothing yet.
            return offset > openStart && offset == openStart + open.length() && reopen(offset);
        }
        Long start = starts().floor(offset);
        return start != null && reopen(start);
    }

    private boolean reopen(long start) throws IOException {
        if (!Files.exists(segment(start))) {
            return false;
        }
        RandomAccessFile next;
        try {
            next = new RandomAccessFile(segment(start).toFile(), "r");
        } catch (FileNotFoundException goneOrForbidden) {
            if (Files.exists(segment(start))) {
                throw goneOrForbidden;
            }
            return false;
        }
        closeOpen();
        open = next;
        openStart = start;
        // The segment before may have been acknowledged already, but had no successor then.
        acknowledge(0);
        return true;
    }

    /// Where reading can go on when the bytes at `offset` are missing although later ones exist;
    /// `offset` itself when none exist. Ask only after {@link #read} found nothing, and read again
    /// before believing it: the pump may have written meanwhile.
    public long resumeAfter(long offset) throws IOException {
        Long next = starts().higher(offset);
        return next == null ? offset : next;
    }

    /// How far the recorded output reaches.
    public long end() throws IOException {
        NavigableSet<Long> starts = starts();
        return starts.isEmpty() ? 0 : starts.last() + size(starts.last());
    }

    /// Deletes the segments that lie wholly below `offset` and lets a waiting pump go on. One that
    /// has no successor yet is deleted when the reader comes to the successor.
    public void acknowledge(long offset) throws IOException {
        acknowledging.lock();
        try {
            acknowledged = Math.max(acknowledged, offset);
            if (kept < 0 || !Files.exists(segment(kept))) {
                Long first = starts().ceiling(Math.max(0, kept));
                kept = first == null ? -1 : first;
            }
            boolean deleted = false;
            while (kept >= 0 && kept < acknowledged) {
                long next = kept + size(kept);
                if (next > acknowledged || !Files.exists(segment(next))) {
                    break;
                }
                Files.deleteIfExists(segment(kept));
                deleted = true;
                kept = next;
            }
            if (deleted) {
                wakePump();
            }
        } finally {
            acknowledging.unlock();
        }
    }

    /// Opening a FIFO for reading and writing never waits. The pump has it open when it waits, so
    /// the byte stays; when it has it not, it looks at the segments before it waits.
    private void wakePump() throws IOException {
        Path resume = folder.resolve(ControlFolder.RESUME);
        if (!Files.exists(resume)) {
            return;
        }
        boolean interrupted = false;
        while (!write(resume)) {
            interrupted |= Thread.interrupted();
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /// @return false when the thread was interrupted meanwhile, which closes a channel
    private static boolean write(Path fifo) throws IOException {
        try (FileChannel channel =
                FileChannel.open(fifo, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.wrap(new byte[] {'\n'}));
            return true;
        } catch (NoSuchFileException wentOnAlready) {
            return true;
        } catch (ClosedByInterruptException again) {
            return false;
        }
    }

    private long size(long start) throws IOException {
        try {
            return Files.size(segment(start));
        } catch (NoSuchFileException gone) {
            return 0;
        }
    }

    private NavigableSet<Long> starts() throws IOException {
        NavigableSet<Long> starts = new TreeSet<>();
        String prefix = ControlFolder.SEGMENT_PREFIX;
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, prefix + "*")) {
            for (Path file : files) {
                starts.add(
                        Long.parseLong(file.getFileName().toString().substring(prefix.length())));
            }
        } catch (NoSuchFileException gone) {
            return starts;
        }
        return starts;
    }

    private Path segment(long start) {
        return folder.resolve(ControlFolder.SEGMENT_PREFIX + start);
    }

    private void closeOpen() throws IOException {
        if (open != null) {
            open.close();
            open = null;
        }
    }

    @Override
    public void close() throws IOException {
        reading.lock();
        try {
            closed = true;
            closeOpen();
        } finally {
            reading.unlock();
        }
    }
}
