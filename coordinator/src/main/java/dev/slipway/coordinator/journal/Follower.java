package dev.slipway.coordinator.journal;

import dev.slipway.coordinator.journal.ClusterLogs.Claim;
import dev.slipway.coordinator.journal.ClusterLogs.LogEntry;
import dev.slipway.coordinator.journal.ClusterLogs.LogName;
import dev.slipway.coordinator.logs.LogStore;
import dev.slipway.coordinator.model.Event;
import dev.slipway.coordinator.model.FarmState;
import dev.slipway.coordinator.model.FarmView;
import dev.slipway.error.ErrorCode;
import dev.slipway.error.SlipwayException;
import dev.slipway.time.Bell;
import dev.slipway.time.Threads;
import dev.slipway.time.Timers;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;

/// A standby's work: reads both logs as the leader appends to them and applies them to the state,
/// the tables and the log store. One thread for each log:
///
/// ```
/// output  ── read → log store ──────────────────────────┐
/// control ── read → wait for the output vouched for ◀───┘ → state → tables → listener
/// ```
///
/// It ends when it is closed, with {@link #catchUp}, or when it cannot go on; then its owner is
/// told.
public final class Follower implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Follower.class);
    private static final EntryCodec CODEC = new EntryCodec();
    private static final int ENTRIES = 256;
    private static final Duration PATIENCE = Duration.ofSeconds(1);
    private static final Duration PAUSE = Duration.ofMillis(500);

    private final Parts parts;
    private final FarmState state;

    /// Held while the state changes, up to its tables; a lock, since a write may wait for the disk.
    private final ReentrantLock between = new ReentrantLock();

    private final Bell changed = new Bell();
    private final Tail control;
    private final Tail output;
    private final Thread controlThread;
    private final Thread outputThread;
    private volatile boolean closing;
    private boolean givenAway;
    private volatile long position;

    /// What a follower works with.
    public record Parts(
            ClusterLogs logs,
            Tables tables,
            LogStore output,
            Listener listener,
            Timers timers,
            Threads threads) {}

    /// Hears what a follower does. Called on its threads; must return at once.
    public interface Listener {
        /// Events have been applied here.
        void committed(long position, List<Event> events);

        /// The follower cannot go on: with POSITION_TRIMMED it needs a checkpoint, otherwise this
        /// coordinator's own data failed.
        void stopped(SlipwayException why);
    }

    /// How far one log has been taken.
    private static final class Tail {
        final LogName log;
        final LogParts assembly = new LogParts();
        volatile long read;
        private @Nullable Thread waiting;

        Tail(LogName log, long from) {
            this.log = log;
            this.read = from;
        }

        /// The calling thread may be interrupted from now on.
        synchronized void waits() {
            waiting = Thread.currentThread();
        }

        /// It may not, any more.
        synchronized void waitsNoLonger() {
            waiting = null;
            if (Thread.interrupted()) {
                LOG.trace("Woken from waiting. log={}", log);
            }
        }

        synchronized void wake() {
            if (waiting != null) {
                waiting.interrupt();
            }
        }
    }

    private Follower(Parts parts) {
        this.parts = parts;
        this.output = new Tail(LogName.OUTPUT, parts.output().follow());
        this.state = parts.tables().load();
        this.control = new Tail(LogName.CONTROL, parts.tables().control());
        this.position = state.position();
        this.outputThread =
                parts.threads()
                        .start("slipway-follow-output", () -> run(output, this::applyOutput));
        this.controlThread =
                parts.threads()
                        .startOwner("slipway-follow-control", () -> run(control, this::applyEntry));
    }

    /// Goes on where the tables are.
    ///
    /// @throws SlipwayException when the tables cannot be used
    public static Follower start(Parts parts) {
        return new Follower(parts);
    }

    /// Reads the state between two entries. The reader must be quick.
    ///
    /// @return nothing when the state was given away
    public <T> Optional<T> read(Function<FarmView, T> reader) {
        between.lock();
        try {
            return givenAway ? Optional.empty() : Optional.of(reader.apply(state));
        } finally {
            between.unlock();
        }
    }

    /// The journal's position that is applied.
    public long position() {
        return position;
    }

    /// How far the control log is applied.
    public long control() {
        return control.read;
    }

    /// How far the output log is applied.
    public long output() {
        return output.read;
    }

    /// Waits until the journal is applied up to a position.
    ///
    /// @return whether it is
    public boolean await(long wanted, Duration atMost) throws InterruptedException {
        var late = new CountDownLatch(1);
        var timer =
                parts.timers()
                        .after(
                                atMost,
                                () -> {
                                    late.countDown();
                                    changed.ring();
                                });
        try {
            while (position < wanted && late.getCount() > 0 && !closing) {
                CountDownLatch change = changed.next();
                if (position < wanted && late.getCount() > 0 && !closing) {
                    change.await();
                }
            }
        } finally {
            timer.cancel();
        }
        return position >= wanted;
    }

    /// Applies both logs to the ends of a claim, then stops and gives the state away.
    ///
    /// @throws SlipwayException NOT_LEADER when the follower was closed or stopped meanwhile
    public FarmState catchUp(Claim claim) throws InterruptedException {
        long controlEnd = claim.end(LogName.CONTROL);
        long outputEnd = claim.end(LogName.OUTPUT);
        while (control.read < controlEnd || output.read < outputEnd) {
            CountDownLatch change = changed.next();
            if (closing) {
                throw new SlipwayException(
                        ErrorCode.NOT_LEADER, "the logs cannot be applied to their ends");
            }
            if (control.read < controlEnd || output.read < outputEnd) {
                change.await();
            }
        }
        close();
        between.lock();
        try {
            givenAway = true;
        } finally {
            between.unlock();
        }
        return state;
    }

    /// Applies one message.
    private interface Applying {
        void apply(LogParts.Message message) throws InterruptedException;
    }

    private void run(Tail tail, Applying applying) {
        try {
            while (!closing) {
                for (LogEntry entry : read(tail)) {
                    var message = tail.assembly.take(entry);
                    if (message.isPresent()) {
                        applying.apply(message.get());
                    }
                    tail.read = entry.position();
                    changed.ring();
                    if (closing) {
                        return;
                    }
                }
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        } catch (SlipwayException problem) {
            stop(problem);
        } catch (RuntimeException bug) {
            stop(
                    new SlipwayException(
                            ErrorCode.INTERNAL,
                            "An entry of the %s log cannot be applied behind %d (%s)."
                                    .formatted(tail.log, tail.read, bug.getMessage()),
                            bug));
        }
    }

    private void stop(SlipwayException why) {
        boolean first = !closing;
        closing = true;
        changed.ring();
        if (first) {
            parts.listener().stopped(why);
        }
    }

    /// The next entries. The logs may be out of reach for as long as it takes.
    private List<LogEntry> read(Tail tail) throws InterruptedException {
        boolean told = false;
        while (true) {
            tail.waits();
            try {
                return closing
                        ? List.of()
                        : parts.logs().read(tail.log, tail.read, ENTRIES, PATIENCE);
            } catch (InterruptedException woken) {
                if (!closing) {
                    throw woken;
                }
                return List.of();
            } catch (SlipwayException problem) {
                if (problem.code() == ErrorCode.POSITION_TRIMMED) {
                    throw problem;
                }
                if (!told && !closing) {
                    LOG.warn(
                            "The cluster's log cannot be read; trying again. log={} position={}",
                            tail.log,
                            tail.read,
                            problem);
                    told = true;
                }
            } finally {
                tail.waitsNoLonger();
            }
            if (closing) {
                return List.of();
            }
            parts.timers().pause(PAUSE);
        }
    }

    private void applyOutput(LogParts.Message message) {
        parts.output().apply(OutputCodec.decode(message.bytes()), message.position());
    }

    private void applyEntry(LogParts.Message message) throws InterruptedException {
        Entry entry = CODEC.decode(message.bytes());
        if (entry.position() != position + 1) {
            throw new IllegalStateException(
                    "journal entry %d follows on %d".formatted(entry.position(), position));
        }
        awaitOutput(entry);
        between.lock();
        try {
            entry.events().forEach(event -> state.apply(entry.position(), event));
            parts.tables().write(state.takeChanges(), message.position());
        } finally {
            between.unlock();
        }
        position = entry.position();
        changed.ring();
        parts.listener().committed(entry.position(), entry.events());
    }

    /// An attempt has ended only where its output is.
    private void awaitOutput(Entry entry) throws InterruptedException {
        long vouched =
                entry.events().stream()
                        .filter(Event.AttemptFinished.class::isInstance)
                        .mapToLong(event -> ((Event.AttemptFinished) event).end().outputPosition())
                        .max()
                        .orElse(0);
        while (output.read < vouched) {
            CountDownLatch change = changed.next();
            if (closing) {
                throw new InterruptedException("the follower is closing");
            }
            if (output.read < vouched) {
                change.await();
            }
        }
    }

    /// Ends both threads between two entries.
    @Override
    public void close() {
        closing = true;
        changed.ring();
        control.wake();
        output.wake();
        join(controlThread);
        join(outputThread);
    }

    private static void join(Thread thread) {
        boolean interrupted = false;
        while (true) {
            try {
                thread.join();
                break;
            } catch (InterruptedException signal) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
