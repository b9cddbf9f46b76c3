package dev.slipway.coordinator.logs;

import com.github.luben.zstd.Zstd;

import dev.slipway.coordinator.logs.LogIndex.Changes;
import dev.slipway.coordinator.logs.LogIndex.SegmentRow;
import dev.slipway.error.ErrorCode;
import dev.slipway.error.SlipwayException;
import dev.slipway.time.Clock;
import dev.slipway.time.Threads;
import dev.slipway.wire.LogLine;
import dev.slipway.wire.LogLines;

import org.jspecify.annotations.Nullable;

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

/// The one thread that writes logs: takes everything that waits, stages it, syncs once, updates the
/// index, answers.
final class LogWriter {
    private static final int REMOVE_AT_ONCE = 2_000;

    private final LogIndex index;
    private final Segments segments;
    private final Clock clock;
    private final LongConsumer wake;

    private final LogQueue queue;
    private @Nullable Thread thread;

    /// Logs that have begun and not ended; belongs to the writing thread.
    private final Map<StepKey, StepLog> open = new HashMap<>();

    private final SortedMap<Integer, SegmentRow> live;

    /// Empty segments that must not be deleted yet.
    private final TreeSet<Integer> postponed = new TreeSet<>();

    private final AtomicInteger holds = new AtomicInteger();
    private long sequence;
    private volatile long position;
    private volatile LogStore.Taken taken = new LogStore.Taken(0, 0, 0);

    /// What one batch changes, until it is durable.
    private static final class Turn {
        final Changes changes = Changes.none();
        final List<Runnable> answers = new ArrayList<>();
        final TreeSet<Long> runs = new TreeSet<>();
        final TreeSet<Integer> thinned = new TreeSet<>();
        boolean staged;
    }

    LogWriter(
            LogIndex index,
            Segments segments,
            Clock clock,
            LogStore.Limits limits,
            LongConsumer wake) {
        this.index = index;
        this.segments = segments;
        this.clock = clock;
        this.queue = new LogQueue(limits.queueBytes());
        this.wake = wake;
        this.live = index.segments();
    }

    void start(long lastSequence, Threads threads) {
        sequence = lastSequence;
        position = lastSequence;
        live.putAll(index.segments());
        thread = threads.startOwner("slipway-logs", this::work);
    }

    void submit(LogQueue.Order order) {
        queue.add(order);
    }

    long position() {
        return position;
    }

    LogStore.Taken taken() {
        return taken;
    }

    /// From now on no file is deleted until the hold is closed. Those that became empty meanwhile
    /// go with the next write, or the next start.
    AutoCloseable hold() {
        holds.incrementAndGet();
        var open = new AtomicBoolean(true);
        return () -> {
            if (open.compareAndSet(true, false)) {
                holds.decrementAndGet();
            }
        };
    }

    void close() {
        Thread owner = thread;
        queue.close();
        if (owner == null) {
            return;
        }
        try {
            owner.join();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void work() {
        List<LogQueue.Order> batch = queue.take();
        while (!batch.isEmpty()) {
            process(batch);
            batch = queue.take();
        }
    }

    private void process(List<LogQueue.Order> batch) {
        var turn = new Turn();
        try {
            for (LogQueue.Order order : batch) {
                switch (order) {
                    case LogQueue.Append append -> append(append, turn);
                    case LogQueue.Close close -> closeSteps(close, turn);
                    case LogQueue.Remove remove -> remove(remove, turn);
                }
            }
            commit(turn);
        } catch (IOException | RuntimeException problem) {
            giveUp(batch, problem);
            return;
        }
        turn.answers.forEach(Runnable::run);
        turn.runs.forEach(wake::accept);
    }

    private void commit(Turn turn) throws IOException {
        if (turn.staged) {
            segments.sync();
        }
        index.write(turn.changes, !turn.thinned.isEmpty());
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
            index.write(gone, false);
        }
    }

    /// A disk that failed says nothing about what it holds: forget what was thought, go on from the
    /// index in a new file, and let the senders send again.
    private void giveUp(List<LogQueue.Order> batch, Exception problem) {
        open.clear();
        try {
            segments.abandon();
            live.clear();
            live.putAll(index.segments());
        } catch (IOException | RuntimeException also) {
            // The disk has not come back yet; it is tried again before more is written.
            problem.addSuppressed(also);
        }
        var failure =
                problem instanceof SlipwayException known
                        ? known
                        : new SlipwayException(
                                ErrorCode.STORAGE_FAILED,
                                "Output could not be written (%s). Check the disk of the data"
                                                .formatted(problem)
                                        + " directory; agents keep the output and send it again.",
                                problem);
        batch.forEach(order -> order.fail(failure));
    }

    private void append(LogQueue.Append order, Turn turn) throws IOException {
        Chunk chunk = order.chunk();
        StepLog log = log(chunk.step());
        String refusal = order.sound() ? refusal(chunk, log) : "the chunk's checksum is wrong";
        if (refusal.isEmpty() && chunk.index() == log.nextIndex()) {
            log = stage(chunk, log, turn);
        }
        var receipt = new Receipt(chunk.step(), log.nextIndex(), log.rawEnd(), refusal);
        turn.answers.add(() -> order.listener().stored(receipt));
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

    private void closeSteps(LogQueue.Close order, Turn turn) throws IOException {
        var steps = new TreeSet<>(index.steps(order.attempt().run()).keySet());
        steps.addAll(open.keySet());
        for (StepKey step : steps) {
            StepLog log = log(step);
            if (step.attempt().equals(order.attempt()) && !log.closed()) {
                stage(marker(step, log, order.cause()), log, turn);
            }
        }
        turn.answers.add(() -> order.done().complete(true));
    }

    /// The chunk that ends a log whose rest is lost: one line that says so.
    private Chunk marker(StepKey step, StepLog log, String cause) {
        var line = new LogLines.Writer(64 + cause.length());
        byte[] text =
                "The rest of this step's output is lost: %s"
                        .formatted(cause)
                        .getBytes(StandardCharsets.UTF_8);
        line.add(clock.now(), LogLine.Kind.GAP, text, 0, text.length);
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
    private void remove(LogQueue.Remove order, Turn turn) {
        List<ChunkRow> rows = index.arrivals(order.run(), 0, REMOVE_AT_ONCE);
        turn.changes.removedChunks().addAll(rows);
        for (ChunkRow row : rows) {
            SegmentRow old = live.getOrDefault(row.segment(), SegmentRow.EMPTY);
            long rest = old.live() - weight(row.length());
            var left = new SegmentRow(old.indexedTo(), rest, old.lastSequence());
            live.put(row.segment(), left);
            turn.thinned.add(row.segment());
            turn.changes.segments().put(row.segment(), left);
        }
        boolean more = rows.size() == REMOVE_AT_ONCE;
        if (!more) {
            turn.changes.removedSteps().addAll(index.steps(order.run()).keySet());
            open.keySet().removeIf(step -> step.run() == order.run());
        }
        turn.answers.add(() -> order.done().complete(more));
    }

    /// What a chunk adds to its segment's live bytes: never zero, so that a segment counts as empty
    /// only when no chunk is left.
    static long weight(int dataLength) {
        return dataLength + 1L;
    }
}
