package dev.slipway.agent.output;

import java.io.IOException;
import java.nio.file.Path;

/// Where the chunks of one step go: the first half of the allowed log straight to the spool, what
/// follows to the tail, which joins it at the end. Not safe for threads, but for {@link #spool}.
final class LogStore implements AutoCloseable {
    private final Spool spool;
    private final Tail tail;
    private final long headBytes;

    private LogStore(Spool spool, Tail tail, long headBytes) {
        this.spool = spool;
        this.tail = tail;
        this.headBytes = headBytes;
    }

    static LogStore open(Path directory, LogLimits limits) throws IOException {
        long half = limits.capBytes() == 0 ? Long.MAX_VALUE : limits.capBytes() / 2;
        Spool spool = Spool.open(directory.resolve("spool"), limits.spoolBytes());
        try {
            return new LogStore(spool, Tail.open(directory.resolve("tail"), half), half);
        } catch (IOException | RuntimeException e) {
            spool.close();
            throw e;
        }
    }

    Spool spool() {
        return spool;
    }

    /// Raw offset up to which there are chunks.
    long rawTo() {
        return Math.max(spool.rawTo(), tail.rawTo());
    }

    /// The newest state of the line processor; empty when there is none.
    String state() {
        return tail.isEmpty() ? spool.state() : tail.state();
    }

    /// Whether a chunk up to `rawTo` is the last one that the head takes, having started before.
    boolean fillsHead(long rawFrom, long rawTo) {
        return rawFrom < headBytes && rawTo >= headBytes;
    }

    long headBytes() {
        return headBytes;
    }

    /// Writes a chunk.
    ///
    /// @param state of the line processor behind it; empty when it has not changed
    void append(LogChunk chunk, String state) throws IOException, InterruptedException {
        if (chunk.rawFrom() < headBytes && tail.isEmpty()) {
            spool.append(new SpoolRecord(chunk, -1, state));
        } else {
            String newest = tail.isEmpty() && state.isEmpty() ? spool.state() : state;
            tail.append(chunk, newest);
        }
    }

    /// Raw bytes between the head and what the tail still has.
    long leftOut() {
        return tail.isEmpty() ? 0 : tail.rawFrom() - spool.rawTo();
    }

    /// Moves the tail behind the head; what was moved before a restart is not moved again.
    ///
    /// @param gap stands for what was left out; used only if something was
    void moveTail(LogChunk.Body gap) throws IOException, InterruptedException {
        if (tail.isEmpty()) {
            return;
        }
        if (leftOut() > 0) {
            var chunk =
                    new LogChunk(
                            0,
                            /* rawFrom= */ spool.rawTo(),
                            /* rawTo= */ tail.rawFrom(),
                            gap,
                            false);
            spool.append(new SpoolRecord(chunk, -1, ""));
        }
        tail.moveTo(spool, spool.tailSequence());
    }

    /// Writes the last chunk.
    void finish(LogChunk.Body empty) throws IOException, InterruptedException {
        var chunk = new LogChunk(0, rawTo(), rawTo(), empty, true);
        spool.append(new SpoolRecord(chunk, -1, ""));
    }

    @Override
    public void close() throws IOException {
        try {
            tail.close();
        } finally {
            spool.close();
        }
    }
}
