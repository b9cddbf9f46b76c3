package dev.slipway.agent.output;

import dev.slipway.agent.output.Segments.Place;
import dev.slipway.time.Bell;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;

/// The chunks of one step's log, on disk until the coordinator has them. They are sent again
/// exactly as they are, also after a restart of the agent. Safe for many threads.
///
/// Writing waits while more than the allowed bytes are unacknowledged: so a step is held up that
/// prints faster than its log can be taken away.
public final class Spool implements AutoCloseable {
    private static final long SEGMENT_BYTES = 4L * 1024 * 1024;

    private final long limitBytes;
    private final Segments segments;
    private final Bell changed = new Bell();

    /// The unacknowledged chunks, oldest first.
    private final Deque<Place> places = new ArrayDeque<>();

    private long firstIndex;
    private long unacknowledged;
    private boolean complete;
    private boolean closed;
    private Runnable listener = () -> {};

    private long rawTo;
    private long tailSequence = -1;
    private String state = "";

    private Spool(Path directory, long limitBytes) throws IOException {
        this.limitBytes = limitBytes;
        try {
            segments = Segments.open(directory, SEGMENT_BYTES, this::found);
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    /// Opens the spool in a folder, made when missing.
    static Spool open(Path directory, long limitBytes) throws IOException {
        return new Spool(directory, limitBytes);
    }

    private void found(Place place, byte[] bytes) {
        try {
            SpoolRecord spooled = SpoolRecord.decode(bytes);
            if (places.isEmpty()) {
                firstIndex = spooled.chunk().index();
            }
            count(place, spooled);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void count(Place place, SpoolRecord spooled) {
        places.add(place);
        unacknowledged += place.length();
        complete = spooled.chunk().last();
        rawTo = spooled.chunk().rawTo();
        tailSequence = Math.max(tailSequence, spooled.tailSequence());
        if (!spooled.state().isEmpty()) {
            state = spooled.state();
        }
    }

    /// Raw offset up to which there are chunks.
    synchronized long rawTo() {
        return rawTo;
    }

    /// Position of the last chunk that was moved here from the tail; -1 when none was.
    synchronized long tailSequence() {
        return tailSequence;
    }

    /// The newest state of the line processor; empty when there is none.
    synchronized String state() {
        return state;
    }

    /// Writes a chunk behind the others, waiting for room.
    ///
    /// @throws IOException when the disk refuses it, or the spool is closed
    void append(SpoolRecord unplaced) throws IOException, InterruptedException {
        while (true) {
            CountDownLatch room;
            synchronized (this) {
                if (unacknowledged <= limitBytes || closed) {
                    write(unplaced);
                    break;
                }
                room = changed.next();
            }
            room.await();
        }
    }

    private void write(SpoolRecord unplaced) throws IOException {
        if (closed) {
            throw new IOException("the log spool is closed");
        }
        LogChunk chunk = unplaced.chunk().at(firstIndex + places.size());
        // Files are deleted from the oldest on: each must hold the state by itself.
        boolean repeats = unplaced.state().isEmpty() && segments.startsFile();
        String newest = repeats ? state : unplaced.state();
        var placed = new SpoolRecord(chunk, unplaced.tailSequence(), newest);
        count(segments.append(placed.encode()), placed);
        changed.ring();
        listener.run();
    }

    /// Calls `listener` after each new chunk, on the writing thread; it must be short.
    public synchronized void onAppend(Runnable newListener) {
        listener = newListener;
    }

    /// Index of the oldest chunk that is not acknowledged.
    public synchronized long firstIndex() {
        return firstIndex;
    }

    /// Index that the next new chunk will have.
    public synchronized long endIndex() {
        return firstIndex + places.size();
    }

    /// Whether the last chunk of the log is written.
    public synchronized boolean isComplete() {
        return complete;
    }

    /// Whether the whole log is written and acknowledged.
    public synchronized boolean isDrained() {
        return complete && places.isEmpty();
    }

    /// The chunk of that index, if it is written and not acknowledged.
    public synchronized Optional<LogChunk> chunk(long index) throws IOException {
        long position = index - firstIndex;
        if (position < 0 || position >= places.size()) {
            return Optional.empty();
        }
        Place place = places.getFirst();
        if (position > 0) {
            place = places.stream().skip(position).findFirst().orElseThrow();
        }
        return Optional.of(SpoolRecord.decode(segments.read(place)).chunk());
    }

    /// Waits for the chunk of that index, or of the oldest unacknowledged one if that is later.
    ///
    /// @return empty when the log ends before that index, or the spool is closed
    public Optional<LogChunk> await(long index) throws IOException, InterruptedException {
        while (true) {
            CountDownLatch more;
            synchronized (this) {
                if (closed) {
                    return Optional.empty();
                }
                Optional<LogChunk> chunk = chunk(Math.max(index, firstIndex));
                if (chunk.isPresent() || complete) {
                    return chunk;
                }
                more = changed.next();
            }
            more.await();
        }
    }

    /// The coordinator has everything below `nextIndex`. Less than before is ignored.
    public synchronized void acknowledge(long nextIndex) throws IOException {
        while (firstIndex < nextIndex && !places.isEmpty()) {
            unacknowledged -= places.remove().length();
            firstIndex++;
        }
        segments.deleteBefore(places.isEmpty() ? Long.MAX_VALUE : places.getFirst().segment());
        changed.ring();
    }

    /// Ends all waiting. What is on disk stays.
    @Override
    public synchronized void close() throws IOException {
        closed = true;
        segments.close();
        changed.ring();
    }
}
