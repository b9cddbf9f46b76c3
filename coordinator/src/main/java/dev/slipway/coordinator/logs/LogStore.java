package dev.slipway.coordinator.logs;

import dev.slipway.error.ErrorCode;
import dev.slipway.error.SlipwayException;
import dev.slipway.id.AttemptId;
import dev.slipway.time.Clock;
import dev.slipway.time.Threads;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;

/// Keeps the output of every step. One thread appends what comes to segment files, syncs once for
/// all that came meanwhile, updates the index and only then acknowledges:
///
/// ```
/// append → queue → [check order · stage]* → fdatasync → index → receipts, followers woken
/// ```
///
/// A chunk that leaves a hole is refused, a repeated one is acknowledged and dropped. Safe for many
/// threads.
public final class LogStore implements LogSource, AutoCloseable {
    private static final int REMOVE_AT_ONCE = 2_000;

    private final LogIndex index;
    private final Segments segments;
    private final Clock clock;
    private final LogEditor editor;
    private final LogWriter writer;
    private volatile boolean replicated;
    private final Map<Long, List<Runnable>> followers = new ConcurrentHashMap<>();

    /// What a store may use.
    ///
    /// @param segmentSize a new file is begun when one has reached it
    /// @param queueBytes chunks that may wait to be written
    public record Limits(long segmentSize, long queueBytes) {
        public static final Limits DEFAULT = new Limits(256L << 20, 128L << 20);
    }

    private LogStore(LogIndex index, Segments segments, long sequence, Clock clock, Limits limits) {
        this.index = index;
        this.segments = segments;
        this.clock = clock;
        this.editor = new LogEditor(index, segments, sequence, this::wake);
        this.writer = new LogWriter(index, editor, limits);
    }

    /// Opens the store in `folder`: what a crash left unindexed is indexed, a torn end is cut off.
    ///
    /// @throws SlipwayException when a file is damaged, naming it
    public static LogStore open(
            Path folder, LogIndex index, Limits limits, Clock clock, Threads threads)
            throws IOException {
        var segments = new Segments(folder, limits.segmentSize());
        long sequence = new LogRecovery(index, segments).run();
        var store = new LogStore(index, segments, sequence, clock, limits);
        store.writer.start(threads);
        return store;
    }

    /// Takes a chunk; never blocks. The listener hears once, usually from the writing thread, and
    /// must return at once.
    ///
    /// @throws SlipwayException when too much waits to be written
    public void append(Chunk chunk, Listener listener) {
        boolean sound =
                chunk.data().remaining() <= Chunk.MAX_DATA_SIZE
                        && chunk.plainSize() <= Chunk.MAX_PLAIN_SIZE
                        && Record.crc(chunk.data()) == chunk.crc32c();
        if (!sound) {
            long next = step(chunk.step()).map(StepLog::nextIndex).orElse(0L);
            long end = step(chunk.step()).map(StepLog::rawEnd).orElse(0L);
            listener.stored(new Receipt(chunk.step(), next, end, "the chunk's checksum is wrong"));
            return;
        }
        writer.submit(new LogQueue.Append(new LogOrder.Append(chunk), listener));
    }

    /// Ends the log of every step of an attempt that has not ended, saying that output was lost.
    /// Durable when this returns.
    public void closeIncomplete(AttemptId attempt, String cause) {
        var done = new CompletableFuture<Boolean>();
        writer.submit(new LogQueue.Other(new LogOrder.Close(attempt, cause, clock.now()), done));
        await(done);
    }

    /// Whether the logs of these steps are here up to their ends.
    ///
    /// @param ends step → raw bytes of output at the end of the step
    public boolean completeTo(AttemptId attempt, Map<Integer, Long> ends) {
        return ends.entrySet().stream()
                .allMatch(end -> completeTo(new StepKey(attempt, end.getKey()), end.getValue()));
    }

    private boolean completeTo(StepKey step, long end) {
        Optional<StepLog> log = index.step(step);
        if (log.isEmpty()) {
            return end <= 0;
        }
        return log.get().closed() && log.get().rawEnd() >= end;
    }

    /// Whether some output of an attempt was lost.
    public boolean incomplete(AttemptId attempt) {
        return steps(attempt.run()).entrySet().stream()
                .anyMatch(
                        step ->
                                step.getKey().attempt().equals(attempt)
                                        && !step.getValue().incompleteCause().isEmpty());
    }

    public Optional<StepLog> step(StepKey step) {
        return index.step(step);
    }

    /// The numbers of all runs that have output here.
    public List<Long> runs() {
        return index.runs();
    }

    @Override
    public SortedMap<StepKey, StepLog> steps(long run) {
        return index.steps(run);
    }

    @Override
    public List<ChunkRow> chunks(StepKey step, long fromIndex, int limit) {
        return index.chunks(step, fromIndex, limit);
    }

    @Override
    public List<ChunkRow> arrivals(long run, long afterSequence, int limit) {
        return index.arrivals(run, afterSequence, limit);
    }

    @Override
    public byte @Nullable [] read(ChunkRow row) throws IOException {
        return segments.read(row);
    }

    /// Calls `wake` after every batch that brought output of a run, until closed. It must return at
    /// once.
    public Subscription follow(long run, Runnable wake) {
        followers.compute(
                run,
                (key, old) -> {
                    List<Runnable> all = old == null ? new CopyOnWriteArrayList<>() : old;
                    all.add(wake);
                    return all;
                });
        return () ->
                followers.computeIfPresent(
                        run,
                        (key, all) -> {
                            all.remove(wake);
                            return all.isEmpty() ? null : all;
                        });
    }

    private void wake(long run) {
        List<Runnable> all = followers.get(run);
        if (all != null) {
            all.forEach(Runnable::run);
        }
    }

    /// Removes all output of a run, in small pieces so that appending goes on.
    public void removeRun(long run) {
        boolean more = true;
        while (more) {
            var done = new CompletableFuture<Boolean>();
            writer.submit(new LogQueue.Other(new LogOrder.Remove(run, REMOVE_AT_ONCE), done));
            more = await(done);
        }
    }

    /// Keeps all files from being deleted until closed; see {@link LogEditor#hold}.
    public AutoCloseable hold() {
        return editor.hold();
    }

    /// Links all files into a folder, as of one moment at which nothing is being written, and does
    /// something else at the same moment.
    ///
    /// @return how long each file is at that moment; it may go on growing
    public SortedMap<String, Long> freeze(Path into, Runnable also) {
        var done = new CompletableFuture<Boolean>();
        var sizes = new TreeMap<String, Long>();
        Runnable body =
                () -> {
                    try {
                        also.run();
                        sizes.putAll(segments.link(into));
                    } catch (IOException problem) {
                        throw new UncheckedIOException(problem);
                    }
                };
        writer.submit(new LogQueue.Pause(body, done));
        await(done);
        return sizes;
    }

    /// Up to where everything is durable: the output half of a position. In a cluster a position of
    /// the output log, standalone the number of chunks.
    public long position() {
        return replicated ? index.position() : editor.position();
    }

    /// From now on writes every order down in a replicated log before it is carried out.
    public void lead(OutputLog output) {
        turn(output, false);
    }

    /// From now on refuses orders of this coordinator, and takes those that another one has written
    /// down.
    ///
    /// @return the position after which they are expected
    public long follow() {
        turn(null, true);
        return index.position();
    }

    private void turn(@Nullable OutputLog output, boolean refuse) {
        replicated = true;
        var done = new CompletableFuture<Boolean>();
        writer.submit(new LogQueue.Turn(output, refuse, done));
        await(done);
    }

    /// Carries out orders that another coordinator has written down; done when this returns. Those
    /// that were carried out before are skipped.
    ///
    /// @param position of these orders in the output log
    public void apply(List<LogOrder> orders, long position) {
        var done = new CompletableFuture<Boolean>();
        writer.submit(new LogQueue.Replicated(orders, position, done));
        await(done);
    }

    /// Chunks and compressed bytes taken since the start.
    public Taken taken() {
        return editor.taken();
    }

    private static <T> T await(CompletableFuture<T> done) {
        try {
            return done.get();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new SlipwayException(
                    ErrorCode.STORAGE_FAILED,
                    "Interrupted while waiting for the log store.",
                    interrupted);
        } catch (ExecutionException problem) {
            if (problem.getCause() instanceof SlipwayException known) {
                throw known;
            }
            throw new SlipwayException(ErrorCode.STORAGE_FAILED, "The log store failed.", problem);
        }
    }

    /// Writes what waits, then stops.
    @Override
    public void close() throws IOException {
        writer.close();
        segments.close();
    }

    /// Hears what became of a chunk.
    public interface Listener {
        void stored(Receipt receipt);

        /// The disk failed: nothing is known about the chunk; send it again later.
        void failed(SlipwayException problem);
    }

    /// A follower's place in the list.
    public interface Subscription extends AutoCloseable {
        @Override
        void close();
    }

    /// @param chunks that were stored
    /// @param bytes of their data
    /// @param syncs of segment files
    public record Taken(long chunks, long bytes, long syncs) {}
}
