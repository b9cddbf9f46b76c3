package dev.slipway.agent.output;

import dev.slipway.agent.output.Segments.Place;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;

/// The end of a log that has passed half its limit: kept back on disk, oldest chunks dropped, until
/// the step has ended and it is known what the end is. One thread at a time.
final class Tail implements AutoCloseable {
    /// A chunk that is kept back.
    private record Kept(Place place, long sequence, long rawFrom, int size) {}

    private final long limitBytes;
    private final Segments segments;
    private final Deque<Kept> kept = new ArrayDeque<>();
    private long size;
    private long nextSequence;
    private long rawTo;
    private String state = "";

    private Tail(Path directory, long limitBytes) throws IOException {
        this.limitBytes = limitBytes;
        long segmentBytes = Math.clamp(limitBytes / 8, 64 * 1024, 4 * 1024 * 1024);
        try {
            segments = Segments.open(directory, segmentBytes, this::found);
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
        trim();
    }

    static Tail open(Path directory, long limitBytes) throws IOException {
        return new Tail(directory, limitBytes);
    }

    private void found(Place place, byte[] bytes) {
        try {
            count(place, SpoolRecord.decode(bytes));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void count(Place place, SpoolRecord spooled) {
        LogChunk chunk = spooled.chunk();
        // Lines without raw bytes take room as well.
        int room = (int) Math.max(chunk.rawTo() - chunk.rawFrom(), chunk.plainSize());
        kept.add(new Kept(place, spooled.tailSequence(), chunk.rawFrom(), room));
        size += room;
        nextSequence = spooled.tailSequence() + 1;
        rawTo = chunk.rawTo();
        if (!spooled.state().isEmpty()) {
            state = spooled.state();
        }
    }

    boolean isEmpty() {
        return kept.isEmpty();
    }

    /// Raw offset at its end; 0 when there is nothing.
    long rawTo() {
        return rawTo;
    }

    /// The newest state of the line processor in it; empty when there is none.
    String state() {
        return state;
    }

    void append(LogChunk chunk, String newState) throws IOException {
        // Files are deleted from the oldest on: each must hold the state by itself.
        String written = newState.isEmpty() && segments.startsFile() ? state : newState;
        var spooled = new SpoolRecord(chunk, nextSequence, written);
        count(segments.append(spooled.encode()), spooled);
        trim();
    }

    private void trim() throws IOException {
        while (size > limitBytes && kept.size() > 1) {
            size -= kept.remove().size();
        }
        if (!kept.isEmpty()) {
            segments.deleteBefore(kept.getFirst().place().segment());
        }
    }

    /// Raw offset at its start; only when it is not empty.
    long rawFrom() {
        return kept.getFirst().rawFrom();
    }

    /// Moves everything behind the chunk of that sequence into the spool.
    void moveTo(Spool spool, long afterSequence) throws IOException, InterruptedException {
        for (Kept chunk : kept) {
            if (chunk.sequence() > afterSequence) {
                SpoolRecord spooled = SpoolRecord.decode(segments.read(chunk.place()));
                spool.append(spooled);
            }
        }
    }

    @Override
    public void close() throws IOException {
        segments.close();
    }
}
