package dev.slipway.agent.executor;

import dev.slipway.agent.process.ControlFolder;
import dev.slipway.agent.process.OutputEnd;
import dev.slipway.agent.process.OutputSegments;

import java.io.IOException;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicReference;

/// What a process printed, from its first byte to its end, with the gaps said.
///
/// One thread may read while others acknowledge.
final class HostOutput implements AutoCloseable {
    private static final String GONE = "its file is gone";

    private final ControlFolder folder;
    private final OutputSegments segments;

    /// Set when nobody will write an end of the output any more.
    private final AtomicReference<Optional<OutputEnd>> abandoned =
            new AtomicReference<>(Optional.empty());

    /// Only for the thread that reads.
    private boolean lossTold;

    HostOutput(ControlFolder folder) {
        this.folder = folder;
        segments = new OutputSegments(folder.path());
    }

    /// Reads what is there at `offset` without waiting.
    ///
    /// @return how many bytes were read, 0 when there are none yet, -1 at the end
    int read(long offset, byte[] buffer) throws IOException {
        // The end is read first: what was written before it is then read completely.
        Optional<OutputEnd> end = folder.outputEnd().or(abandoned::get);
        int count = segments.read(offset, buffer);
        if (count > 0) {
            return count;
        }
        long resumeAt = segments.resumeAfter(offset);
        if (resumeAt > offset) {
            count = segments.read(offset, buffer);
            if (count == 0) {
                throw lost(offset, resumeAt, GONE);
            }
            return count;
        }
        return end.isPresent() ? atEnd(offset, end.get()) : 0;
    }

    private int atEnd(long offset, OutputEnd end) throws OutputLostException {
        long total = end.total().orElse(offset);
        if (offset < total) {
            throw lost(offset, total, GONE);
        }
        if (end.loss().isPresent() && !lossTold) {
            lossTold = true;
            throw lost(offset, offset, end.loss().get());
        }
        return -1;
    }

    private static OutputLostException lost(long from, long resumeAt, String reason) {
        String range =
                resumeAt > from ? "bytes %d to %d".formatted(from, resumeAt) : "what follows";
        return new OutputLostException(
                "Output is lost, %s at offset %d: %s".formatted(range, from, reason), resumeAt);
    }

    void acknowledge(long offset) throws IOException {
        segments.acknowledge(offset);
    }

    /// Ends the output where its last segment ends, unless the pump says or said it itself.
    ///
    /// @param loss what may be missing after it; empty when nothing is
    void abandon(String loss) throws IOException {
        Optional<String> missing = Optional.of(loss).filter(text -> !text.isEmpty());
        var end = new OutputEnd(OptionalLong.of(segments.end()), missing);
        abandoned.updateAndGet(first -> first.or(() -> Optional.of(end)));
    }

    @Override
    public void close() throws IOException {
        segments.close();
    }
}
