package dev.slipway.agent.output;

import dev.slipway.expression.Json;
import dev.slipway.expression.Value;
import dev.slipway.expression.Value.ArrayValue;
import dev.slipway.time.Clock;
import dev.slipway.time.Threads;
import dev.slipway.time.Timers;
import dev.slipway.wire.LogLine.Kind;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.ReentrantLock;

/// The log of one step, from raw output to chunks on disk.
///
/// ```
/// raw bytes ──▶ LineProcessor ──▶ ChunkBuilder ──▶ Spool ──▶ coordinator
///                    │                  └────────▶ Tail ──┘ (at the end)
///                    └──▶ CommandSink
/// ```
///
/// It survives the agent: opened again on its folder it says from which raw offset to go on, and
/// neither lines nor commands below that happen twice. Raw offsets count all output of the step,
/// also of several processes one after the other.
///
/// Safe for many threads. Methods that write, but for {@link #say}, wait while the spool is full;
/// after an exception nothing more can be written, and the log must be opened again.
public final class StepLog implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(StepLog.class);
    private static final String LIMIT_KEY = "slipway:log-limit";

    /// Where time and threads come from.
    public record Time(Clock clock, Timers timers, Threads threads) {}

    private final LogLimits limits;
    private final Time time;
    private final Masks masks;
    private final LineProcessor processor;
    private final ChunkBuilder chunk = new ChunkBuilder();
    private final LogStore store;

    /// Guards all that follows; held also while a writer waits for room in the spool.
    private final ReentrantLock lock = new ReentrantLock();

    /// Slipway's own lines that nobody has had the lock to write yet.
    private final Queue<OwnLines> waiting = new ConcurrentLinkedQueue<>();

    /// The keys of Slipway's own lines that were written.
    private final Set<String> said = new LinkedHashSet<>();

    private Instant now;
    private Duration lastFlush;
    private Timers.@Nullable Timer flushTimer;

    /// Where the next chunk starts: everything below is on disk.
    private long chunkFrom;

    private String writtenState;
    private volatile String failure = "";

    private boolean closed;

    private record OwnLines(String key, List<String> lines) {}

    private StepLog(
            LogStore store,
            CommandSettings settings,
            StepContext context,
            LogLimits limits,
            Time time)
            throws IOException {
        this.store = store;
        this.limits = limits;
        this.time = time;
        masks = context.masks();
        processor = new LineProcessor(settings, context, this::outputLine);
        chunkFrom = store.rawTo();
        writtenState = store.state();
        now = time.clock().now();
        lastFlush = time.clock().uptime().minus(limits.flushAfter());
        restore();
    }

    /// Opens the log in a folder of its own, made when missing. The secrets of the attempt must
    /// have been added to the context's masks before.
    public static StepLog open(
            Path directory,
            CommandSettings settings,
            StepContext context,
            LogLimits limits,
            Time time)
            throws IOException {
        LogStore store = LogStore.open(directory, limits);
        try {
            return new StepLog(store, settings, context, limits, time);
        } catch (IOException | RuntimeException e) {
            store.close();
            throw e;
        }
    }

    private void restore() throws IOException {
        if (writtenState.isEmpty()) {
            processor.restore(chunkFrom, Value.NULL);
            return;
        }
        try {
            Value state = Json.parseCaseSensitive(writtenState);
            processor.restore(chunkFrom, state.get("processor"));
            if (state.get("said") instanceof ArrayValue(List<Value> keys)) {
                keys.forEach(key -> said.add(key.text()));
            }
        } catch (IllegalArgumentException e) {
            throw new IOException("the state of a step's log is damaged: " + e.getMessage(), e);
        }
    }

    private String state() {
        var fields = new LinkedHashMap<String, Value>();
        fields.put("processor", processor.state());
        fields.put("said", Value.array(said.stream().map(Value::of).toList()));
        return Json.compact(Value.object(fields));
    }

    /// Raw offset from which output is wanted next.
    public long rawOffset() {
        lock.lock();
        try {
            return processor.consumed() + processor.pendingLength();
        } finally {
            unlock();
        }
    }

    /// Raw offset up to which the output is on disk here and may be forgotten elsewhere.
    public long safeTo() {
        lock.lock();
        try {
            return chunkFrom;
        } finally {
            unlock();
        }
    }

    /// The chunks for the coordinator.
    public Spool spool() {
        return store.spool();
    }

    /// Takes the next raw output, `bytes[0, length)`.
    public void accept(byte[] bytes, int length) throws IOException, InterruptedException {
        writing(
                () -> {
                    int at = 0;
                    while (at < length) {
                        // In pieces, so that a chunk does not grow far beyond its size.
                        int end = Math.min(length, at + ChunkBuilder.FULL / 4);
                        processor.accept(bytes, at, end);
                        flushWhenDue();
                        at = end;
                    }
                });
    }

    /// The raw output up to `rawOffset` is lost for that reason: the log says so at this place.
    public void lost(long rawOffset, String why) throws IOException, InterruptedException {
        writing(
                () -> {
                    processor.end();
                    flush();
                    String amount = amount(rawOffset - chunkFrom);
                    processor.skipTo(rawOffset);
                    chunk.add(now, Kind.GAP, "[%s lost: %s]".formatted(amount, why));
                    write(why);
                });
    }

    /// Writes lines of Slipway itself, masked; once per key, also after a restart. It never waits:
    /// the lines come behind what is being written, and before a line of output whose end has not
    /// come. After {@link #finish} it does nothing.
    public void say(String key, List<String> lines) throws IOException {
        requireWorking();
        waiting.add(new OwnLines(key, List.copyOf(lines)));
        writeWaiting();
    }

    /// A process of the step has ended: a line without an end is a line.
    public void endOutput() throws IOException, InterruptedException {
        writing(
                () -> {
                    processor.end();
                    flush();
                });
    }

    /// Ends the log: what was kept back follows, then the last chunk. Repeating it does nothing.
    public void finish() throws IOException, InterruptedException {
        writing(
                () -> {
                    if (spool().isComplete()) {
                        return;
                    }
                    processor.end();
                    flush();
                    String why =
                            "%s left out: the log's limit is %s"
                                    .formatted(bytes(store.leftOut()), bytes(limits.capBytes()));
                    chunk.add(now, Kind.GAP, "[" + why + "]");
                    store.moveTail(chunk.take(why));
                    store.finish(chunk.take(""));
                });
    }

    /// Something that writes to the disk and may wait for room.
    private interface Writing {
        void run() throws IOException, InterruptedException;
    }

    /// Runs it with the lock. If it fails, what was taken from the builder and not written is lost
    /// here, not on disk: the log must be opened again.
    private void writing(Writing action) throws IOException, InterruptedException {
        lock.lock();
        try {
            requireWorking();
            now = time.clock().now();
            takeWaiting();
            action.run();
        } catch (IOException e) {
            failure = failure.isEmpty() ? String.valueOf(e.getMessage()) : failure;
            throw e;
        } catch (InterruptedException e) {
            failure = "writing was interrupted";
            throw e;
        } finally {
            unlock();
        }
    }

    private void requireWorking() throws IOException {
        if (!failure.isEmpty()) {
            throw new IOException("the step's log cannot be written: " + failure);
        }
    }

    private void unlock() {
        lock.unlock();
        writeWaiting();
    }

    /// Takes what waits unless somebody else has the lock, who does it when giving it back.
    private void writeWaiting() {
        while (!waiting.isEmpty() && lock.tryLock()) {
            try {
                now = time.clock().now();
                takeWaiting();
                flushSoon();
            } finally {
                lock.unlock();
            }
        }
    }

    private void takeWaiting() {
        for (OwnLines own = waiting.poll(); own != null; own = waiting.poll()) {
            if (failure.isEmpty() && !spool().isComplete() && said.add(own.key())) {
                for (String line : own.lines()) {
                    chunk.add(now, Kind.META, masks.apply(line));
                }
            }
        }
    }

    private void outputLine(byte[] bytes, int from, int to) {
        chunk.add(now, Kind.OUTPUT, bytes, from, to);
    }

    private void flushWhenDue() throws IOException, InterruptedException {
        if (chunk.isFull() || !untilDue().isPositive()) {
            flush();
        } else {
            flushSoon();
        }
    }

    private Duration untilDue() {
        return lastFlush.plus(limits.flushAfter()).minus(time.clock().uptime());
    }

    /// Has the flush done by another thread, when it is due.
    private void flushSoon() {
        if (hasUnwritten() && flushTimer == null) {
            flushTimer =
                    time.timers()
                            .after(
                                    untilDue(),
                                    () -> time.threads().start("log-flush", this::flushLate));
        }
    }

    private boolean hasUnwritten() {
        return !chunk.isEmpty() || processor.consumed() > chunkFrom;
    }

    private void flushLate() {
        if (!failure.isEmpty()) {
            return;
        }
        try {
            writing(this::flush);
        } catch (IOException e) {
            // The next call of accept or finish tells it to the step. When closed, nobody asks.
            LOG.debug("A step's log was not written. why={}", e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void flush() throws IOException, InterruptedException {
        if (flushTimer != null) {
            flushTimer.cancel();
            flushTimer = null;
        }
        if (hasUnwritten()) {
            sayLimit();
            write("");
        }
    }

    private void sayLimit() {
        if (store.fillsHead(chunkFrom, processor.consumed()) && said.add(LIMIT_KEY)) {
            chunk.add(
                    now,
                    Kind.META,
                    ("[More than %s of output: what follows is shown when the step has ended,"
                                    + " and if it passes the limit of %s only its"
                                    + " end.]")
                            .formatted(bytes(store.headBytes()), bytes(limits.capBytes())));
        }
    }

    private void write(String gapCause) throws IOException, InterruptedException {
        String state = state();
        long to = processor.consumed();
        var next = new LogChunk(0, chunkFrom, to, chunk.take(gapCause), false);
        store.append(next, state.equals(writtenState) ? "" : state);
        writtenState = state;
        chunkFrom = to;
        lastFlush = time.clock().uptime();
    }

    private static String amount(long lost) {
        return lost == 0 ? "Output is" : bytes(lost) + " are";
    }

    private static String bytes(long count) {
        return count < 10 * 1024 * 1024 ? count + " bytes" : (count / (1024 * 1024)) + " MiB";
    }

    /// Ends all waiting. What is on disk stays.
    @Override
    public void close() throws IOException {
        // First the spool, without the lock: its holder may wait for room there.
        failure = failure.isEmpty() ? "it is closed" : failure;
        store.spool().close();
        lock.lock();
        try {
            if (flushTimer != null) {
                flushTimer.cancel();
                flushTimer = null;
            }
            if (!closed) {
                closed = true;
                chunk.close();
                store.close();
            }
        } finally {
            unlock();
        }
    }
}
