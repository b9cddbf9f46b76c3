package dev.slipway.coordinator.logs;

import dev.slipway.coordinator.logs.LogQueue.Append;
import dev.slipway.coordinator.logs.LogQueue.Close;
import dev.slipway.coordinator.logs.LogQueue.Remove;
import dev.slipway.error.ErrorCode;
import dev.slipway.error.SlipwayException;
import dev.slipway.id.AttemptId;
import dev.slipway.time.Clock;
import dev.slipway.time.Threads;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
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
    /// Runs whose output one sync may remove.
    private static final int REMOVE_AT_ONCE = 8;

    private final LogIndex index;
    private final Segments segments;
    private final LogWriter writer;
    private final Map<Long, List<Runnable>> followers = new ConcurrentHashMap<>();

    /// What a store may use.
    ///
    /// @param segmentSize a new file is begun when one has reached it
    /// @param queueBytes chunks that may wait to be written
    public record Limits(long segmentSize, long queueBytes) {
        public static final Limits DEFAULT = new Limits(256L << 20, 128L << 20);
    }

    private LogStore(LogIndex index, Segments segments, Clock clock, Limits limits) {
        this.index = index;
        this.segments = segments;
        this.writer = new LogWriter(index, segments, clock, limits, this::wake);
    }

    /// Opens the store in `folder`: what a crash left unindexed is indexed, a torn end is cut off.
    ///
    /// @throws SlipwayException when a file is damaged, naming it
    public static LogStore open(
            Path folder, LogIndex index, Limits limits, Clock clock, Threads threads)
            throws IOException {
        var segments = new Segments(folder, limits.segmentSize());
        long sequence = new LogRecovery(index, segments).run();
        var store = new LogStore(index, segments, clock, limits);
        store.writer.start(sequence, threads);
        return store;
    }

    /// Takes a chunk; never blocks. The listener hears once, from the writing thread, and must
    /// return at once.
    ///
    /// @throws SlipwayException when too much waits to be written
    public void append(Chunk chunk, Listener listener) {
        boolean sound =
                chunk.data().remaining() <= Chunk.MAX_DATA_SIZE
                        && chunk.plainSize() <= Chunk.MAX_PLAIN_SIZE
                        && Record.crc(chunk.data()) == chunk.crc32c();
        writer.submit(new Append(chunk, sound, listener));
    }

    /// Ends the log of every step of an attempt that has not ended, saying that output was lost.
    /// Durable when this returns.
    public void closeIncomplete(AttemptId attempt, String cause) {
        var done = new CompletableFuture<Boolean>();
        writer.submit(new Close(attempt, cause, done));
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

    /// Removes all output of these runs, in small pieces so that appending goes on.
    public void removeRuns(List<Long> runs) {
        for (int i = 0; i < runs.size(); i += REMOVE_AT_ONCE) {
            List<Long> left = runs.subList(i, Math.min(runs.size(), i + REMOVE_AT_ONCE));
            while (!left.isEmpty()) {
                left = removeSome(left);
            }
        }
    }

    /// @return the runs that have more
    private List<Long> removeSome(List<Long> runs) {
        var removals =
                runs.stream().map(run -> new Remove(run, new CompletableFuture<>())).toList();
        removals.forEach(writer::submit);
        return removals.stream().filter(one -> await(one.done())).map(Remove::run).toList();
    }

    /// Keeps all files from being deleted until closed; see {@link LogWriter#hold}.
    public AutoCloseable hold() {
        return writer.hold();
    }

    /// The sequence up to which everything is durable: the output half of a position.
    public long position() {
        return writer.position();
    }

    /// Chunks and compressed bytes taken since the start.
    public Taken taken() {
        return writer.taken();
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
