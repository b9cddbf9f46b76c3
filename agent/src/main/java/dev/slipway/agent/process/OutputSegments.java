package dev.slipway.agent.process;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.ByteBuffer;
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

    /// The segment that is being read, open: it can be read even after it was deleted.
    private @Nullable FileChannel open;

    private long openStart;

    // Guarded by the lock: how far is acknowledged, and the lowest offset that may be on disk.
    private long acknowledged;
    private long kept = -1;

    public OutputSegments(Path folder) {
        this.folder = folder;
    }

    /// Reads what is there at `offset` without waiting.
    ///
    /// @return how many bytes were read; 0 when there is nothing at this offset now
    public int read(long offset, byte[] buffer) throws IOException {
        int count = readOpen(offset, buffer);
        if (count == 0 && openAt(offset)) {
            count = readOpen(offset, buffer);
        }
        return count;
    }

    private int readOpen(long offset, byte[] buffer) throws IOException {
        if (open == null || offset < openStart) {
            return 0;
        }
        return Math.max(0, open.read(ByteBuffer.wrap(buffer), offset - openStart));
    }

    /// Opens the segment that holds `offset`; false when no other than the open one can.
    private boolean openAt(long offset) throws IOException {
        if (open != null && offset >= openStart && offset <= openStart + open.size()) {
            // Reading in order: there is the next segment, or there is nothing yet.
            return offset > openStart && offset == openStart + open.size() && reopen(offset);
        }
        Long start = starts().floor(offset);
        return start != null && reopen(start);
    }

    private boolean reopen(long start) throws IOException {
        FileChannel next;
        try {
            next = FileChannel.open(segment(start), StandardOpenOption.READ);
        } catch (NoSuchFileException notYetOrGone) {
            return false;
        }
        close();
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
        try (FileChannel fifo =
                FileChannel.open(resume, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            fifo.write(ByteBuffer.wrap(new byte[] {'\n'}));
        } catch (NoSuchFileException wentOnAlready) {
            return;
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

    @Override
    public void close() throws IOException {
        if (open != null) {
            open.close();
            open = null;
        }
    }
}
