package dev.slipway.coordinator.logs;

import com.github.luben.zstd.Zstd;

import dev.slipway.coordinator.logs.LogIndex.Changes;
import dev.slipway.coordinator.logs.LogIndex.SegmentRow;
import dev.slipway.error.ErrorCode;
import dev.slipway.error.SlipwayException;
import dev.slipway.wire.LogLine;
import dev.slipway.wire.LogLines;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongConsumer;

/// Carries orders out on the files and the index: stages chunks, syncs once for a turn, updates the
/// index, answers. What it does depends on the orders only, so that all coordinators of a cluster
/// come to the same logs. For the writing thread.
final class LogEditor {
    private final LogIndex index;
    private final Segments segments;
    private final LongConsumer wake;

    /// Logs that have begun and not ended.
    private final Map<StepKey, StepLog> open = new HashMap<>();

    private final SortedMap<Integer, SegmentRow> live;

    /// Empty segments that must not be deleted yet.
    private final TreeSet<Integer> postponed = new TreeSet<>();

    private final AtomicInteger holds = new AtomicInteger();
    private long sequence;
    private volatile long position;
    private volatile LogStore.Taken taken = new LogStore.Taken(0, 0, 0);

    /// What is done together, until it is durable.
    static final class Turn {
        final Changes changes = Changes.none();
        final List<Runnable> answers = new ArrayList<>();
        final TreeSet<Long> runs = new TreeSet<>();
        final TreeSet<Integer> thinned = new TreeSet<>();
        boolean begun;
        boolean staged;
        long position;
    }

    /// @param sequence of the latest chunk
    /// @param wake hears the runs that got output
    LogEditor(LogIndex index, Segments segments, long sequence, LongConsumer wake) {
        this.index = index;
        this.segments = segments;
        this.wake = wake;
        this.live = index.segments();
        this.sequence = sequence;
        this.position = sequence;
    }

    /// The sequence of the latest durable chunk.
    long position() {
        return position;
    }

    LogStore.Taken taken() {
        return taken;
    }

    /// From now on no file is deleted until the hold is closed. Those that became empty meanwhile
    /// go with the next write, or the next start. For any thread.
    AutoCloseable hold() {
        holds.incrementAndGet();
        var open = new AtomicBoolean(true);
        return () -> {
            if (open.compareAndSet(true, false)) {
                holds.decrementAndGet();
            }
        };
    }

    /// @return whether there is more to do
    boolean carryOut(LogOrder order, Turn turn) throws IOException {
        turn.begun = true;
        return switch (order) {
            case LogOrder.Append(Chunk chunk) -> {
                append(chunk, turn);
                yield false;
            }
            case LogOrder.Close close -> {
                closeSteps(close, turn);
                yield false;
            }
            case LogOrder.Remove remove -> remove(remove, turn);
        };
    }

    /// @return a fresh turn
    Turn finish(Turn turn) throws IOException {
        commit(turn);
        turn.answers.forEach(Runnable::run);
        turn.runs.forEach(wake::accept);
        return new Turn();
    }

    private void commit(Turn turn) throws IOException {
        if (turn.staged) {
            segments.sync();
        }
        index.write(turn.changes, turn.position, !turn.thinned.isEmpty());
        deleteEmpty(turn.thinned);
        turn.changes
                .steps()
                .forEach(
                        (step, log) -> {
                            if (log.closed()) {
                                open.remove(step);
                            }
                        });
        position = sequence;
        if (turn.staged) {
            long bytes = turn.changes.chunks().stream().mapToLong(ChunkRow::length).sum();
            taken =
                    new LogStore.Taken(
                            taken.chunks() + turn.changes.chunks().size(),
                            taken.bytes() + bytes,
                            taken.syncs() + 1);
        }
    }

    /// First the rows went, durably; then the file goes, and last its own row: a file without a row
    /// would be taken for new output after a crash.
    private void deleteEmpty(TreeSet<Integer> thinned) throws IOException {
        if (holds.get() > 0) {
            postponed.addAll(thinned);
            return;
        }
        thinned.addAll(postponed);
        postponed.clear();
        var gone = Changes.none();
        for (int segment : thinned) {
            if (live.getOrDefault(segment, SegmentRow.EMPTY).live() == 0
                    && !segments.isOpen(segment)) {
                segments.delete(segment);
                live.remove(segment);
                gone.removedSegments().add(segment);
            }
        }
        if (!gone.removedSegments().isEmpty()) {
            index.write(gone, 0, false);
        }
    }

    /// A disk that failed says nothing about what it holds: forget what was thought, go on from the
    /// index in a new file, and let the senders send again.
    SlipwayException giveUp(Exception problem) {
        open.clear();
        try {
            segments.abandon();
            live.clear();
            live.putAll(index.segments());
        } catch (IOException | RuntimeException also) {
            // The disk has not come back yet; it is tried again before more is written.
            problem.addSuppressed(also);
        }
        return problem instanceof SlipwayException known
                ? known
                : new SlipwayException(
                        ErrorCode.STORAGE_FAILED,
                        "Output could not be written (%s). Check the disk of the data"
                                        .formatted(problem)
                                + " directory; agents keep the output and send it again.",
                        problem);
    }

    Receipt append(Chunk chunk, Turn turn) throws IOException {
        turn.begun = true;
        StepLog log = log(chunk.step());
        String refusal = refusal(chunk, log);
        if (refusal.isEmpty() && chunk.index() == log.nextIndex()) {
            log = stage(chunk, log, turn);
        }
        return new Receipt(chunk.step(), log.nextIndex(), log.rawEnd(), refusal);
    }

    private static String refusal(Chunk chunk, StepLog log) {
        if (chunk.index() < log.nextIndex()) {
            return "";
        }
        if (log.closed()) {
            return "the log of this step has ended";
        }
        if (chunk.index() > log.nextIndex()) {
            return "chunk %d is missing".formatted(log.nextIndex());
        }
        if (chunk.rawFrom() != log.rawEnd() || chunk.rawTo() < chunk.rawFrom()) {
            return "raw output from %d is missing".formatted(log.rawEnd());
        }
        return "";
    }

    private StepLog stage(Chunk chunk, StepLog before, Turn turn) throws IOException {
        int segment = segments.begin();
        sequence++;
        ByteBuffer header = Record.begin(chunk, sequence);
        int length = header.remaining() + chunk.data().remaining();
        long offset = segments.stage(header, chunk.data());
        turn.staged = true;
        turn.runs.add(chunk.step().run());
        turn.changes.chunks().add(new Record(chunk, sequence, length).row(segment, offset));
        StepLog log = before.with(chunk);
        open.put(chunk.step(), log);
        turn.changes.steps().put(chunk.step(), log);
        SegmentRow row = live.getOrDefault(segment, SegmentRow.EMPTY);
        row =
                new SegmentRow(
                        offset + length, row.live() + weight(chunk.data().remaining()), sequence);
        live.put(segment, row);
        turn.changes.segments().put(segment, row);
        return log;
    }

    private StepLog log(StepKey step) {
        StepLog known = open.get(step);
        return known != null ? known : index.step(step).orElse(StepLog.EMPTY);
    }

    private void closeSteps(LogOrder.Close order, Turn turn) throws IOException {
        var steps = new TreeSet<>(index.steps(order.attempt().run()).keySet());
        steps.addAll(open.keySet());
        for (StepKey step : steps) {
            StepLog log = log(step);
            if (step.attempt().equals(order.attempt()) && !log.closed()) {
                stage(marker(step, log, order), log, turn);
            }
        }
    }

    /// The chunk that ends a log whose rest is lost: one line that says so.
    private static Chunk marker(StepKey step, StepLog log, LogOrder.Close order) {
        String cause = order.cause();
        var line = new LogLines.Writer(64 + cause.length());
        byte[] text =
                "The rest of this step's output is lost: %s"
                        .formatted(cause)
                        .getBytes(StandardCharsets.UTF_8);
        line.add(order.at(), LogLine.Kind.GAP, text, 0, text.length);
        byte[] plain = line.take();
        byte[] data = Zstd.compress(plain);
        return new Chunk(
                step,
                log.nextIndex(),
                log.rawEnd(),
                log.rawEnd(),
                ByteBuffer.wrap(data),
                Record.crc(data, 0, data.length),
                plain.length,
                1,
                cause.isEmpty() ? "unknown" : cause,
                true);
    }

    /// Removes some of a run's chunks, and its steps once none is left. Answers whether there is
    /// more to remove.
    private boolean remove(LogOrder.Remove order, Turn turn) {
        List<ChunkRow> rows = index.arrivals(order.run(), 0, order.chunks());
        turn.changes.removedChunks().addAll(rows);
        for (ChunkRow row : rows) {
            SegmentRow old = live.getOrDefault(row.segment(), SegmentRow.EMPTY);
            long rest = old.live() - weight(row.length());
            var left = new SegmentRow(old.indexedTo(), rest, old.lastSequence());
            live.put(row.segment(), left);
            turn.thinned.add(row.segment());
            turn.changes.segments().put(row.segment(), left);
        }
        boolean more = rows.size() == order.chunks();
        if (!more) {
            turn.changes.removedSteps().addAll(index.steps(order.run()).keySet());
            open.keySet().removeIf(step -> step.run() == order.run());
        }
        return more;
    }

    /// What a chunk adds to its segment's live bytes: never zero, so that a segment counts as empty
    /// only when no chunk is left.
    static long weight(int dataLength) {
        return dataLength + 1L;
    }
}
