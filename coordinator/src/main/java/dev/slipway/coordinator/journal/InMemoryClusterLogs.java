package dev.slipway.coordinator.journal;

import dev.slipway.error.ErrorCode;
import dev.slipway.error.SlipwayException;
import dev.slipway.time.Bell;
import dev.slipway.time.Timers;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;

/// The replicated logs of a cluster as a model in memory, with its faults: for tests and
/// simulations. One object is the cluster; each coordinator works with a {@link #member}.
public final class InMemoryClusterLogs {
    private final Timers timers;
    private final Bell changed = new Bell();
    private final Map<ClusterLogs.LogName, Log> logs = new EnumMap<>(ClusterLogs.LogName.class);
    private final Deque<Fault> faults = new ArrayDeque<>();
    private final List<Runnable> held = new ArrayList<>();
    private long epoch;
    private boolean unreachable;

    /// What can become of an append.
    public enum Fault {
        /// All is well.
        NONE,
        /// It is not stored, and said to have failed.
        REFUSED,
        /// It is stored, and said to have failed.
        ACKNOWLEDGEMENT_LOST,
        /// It is stored, and nothing is said until {@link #release}.
        ACKNOWLEDGEMENT_HELD,
        /// All is well, but readers see it only when another entry follows.
        UNCONFIRMED
    }

    private static final class Log {
        private final List<byte[]> entries = new ArrayList<>();
        private long trimmed;

        /// The last entry, if readers do not see it.
        private long unconfirmed;

        long confirmed() {
            return unconfirmed == end() ? end() - 1 : end();
        }

        long end() {
            return trimmed + entries.size();
        }
    }

    public InMemoryClusterLogs(Timers timers) {
        this.timers = timers;
        for (ClusterLogs.LogName name : ClusterLogs.LogName.values()) {
            logs.put(name, new Log());
        }
    }

    /// The logs as one coordinator sees them.
    public ClusterLogs member() {
        return new Member();
    }

    /// The fates of the next appends, to whichever log; then all is well again.
    public synchronized void next(Fault... fates) {
        faults.addAll(List.of(fates));
    }

    /// Says what was held back.
    public void release() {
        List<Runnable> words;
        synchronized (this) {
            words = List.copyOf(held);
            held.clear();
        }
        words.forEach(Runnable::run);
    }

    /// Too few replicas answer, or enough do again.
    public synchronized void unreachable(boolean now) {
        unreachable = now;
    }

    /// The last position of a log.
    public synchronized long end(ClusterLogs.LogName name) {
        return log(name).end();
    }

    private Log log(ClusterLogs.LogName name) {
        return Objects.requireNonNull(logs.get(name));
    }

    private void requireReachable() {
        if (unreachable) {
            throw new SlipwayException(
                    ErrorCode.STORAGE_FAILED, "Too few replicas answer: the model was told so.");
        }
    }

    private SlipwayException fenced(long mine) {
        return new SlipwayException(
                ErrorCode.NOT_LEADER,
                "another coordinator has claimed the logs (epoch %d, this one has %d)"
                        .formatted(epoch, mine));
    }

    private final class Member implements ClusterLogs {
        @Override
        public Claim claim() {
            synchronized (InMemoryClusterLogs.this) {
                requireReachable();
                epoch++;
                logs.values().forEach(log -> log.unconfirmed = 0);
                return new Held(epoch, log(LogName.CONTROL).end(), log(LogName.OUTPUT).end());
            }
        }

        @Override
        public List<LogEntry> read(LogName name, long after, int limit, Duration atMost)
                throws InterruptedException {
            var late = new CountDownLatch(1);
            var timer =
                    timers.after(
                            atMost,
                            () -> {
                                late.countDown();
                                changed.ring();
                            });
            try {
                while (true) {
                    CountDownLatch change = changed.next();
                    List<LogEntry> found = readNow(name, after, limit);
                    if (!found.isEmpty() || late.getCount() == 0) {
                        return found;
                    }
                    change.await();
                }
            } finally {
                timer.cancel();
            }
        }

        private List<LogEntry> readNow(LogName name, long after, int limit) {
            synchronized (InMemoryClusterLogs.this) {
                requireReachable();
                Log log = log(name);
                if (after < log.trimmed) {
                    throw new SlipwayException(
                            ErrorCode.POSITION_TRIMMED,
                            "Entry %d of the %s log is no longer kept; the first is %d."
                                    .formatted(after + 1, name, log.trimmed + 1));
                }
                var found = new ArrayList<LogEntry>();
                for (long at = after + 1; at <= log.confirmed() && found.size() < limit; at++) {
                    found.add(new LogEntry(at, log.entries.get((int) (at - log.trimmed - 1))));
                }
                return found;
            }
        }

        @Override
        public long firstKept(LogName name) {
            synchronized (InMemoryClusterLogs.this) {
                return log(name).trimmed + 1;
            }
        }

        @Override
        public long epoch() {
            synchronized (InMemoryClusterLogs.this) {
                return epoch;
            }
        }

        @Override
        public void close() {
            // The cluster goes on.
        }
    }

    private final class Held implements ClusterLogs.Claim {
        private final long mine;
        private final long controlEnd;
        private final long outputEnd;
        private boolean closed;

        Held(long mine, long controlEnd, long outputEnd) {
            this.mine = mine;
            this.controlEnd = controlEnd;
            this.outputEnd = outputEnd;
        }

        @Override
        public long epoch() {
            return mine;
        }

        @Override
        public long end(ClusterLogs.LogName log) {
            return log == ClusterLogs.LogName.CONTROL ? controlEnd : outputEnd;
        }

        @Override
        public ClusterLogs.Writer open(ClusterLogs.LogName log) {
            synchronized (InMemoryClusterLogs.this) {
                requireWriter();
            }
            return new Appender(this, log);
        }

        private void requireWriter() {
            if (closed || mine != epoch) {
                throw fenced(mine);
            }
        }

        @Override
        public void close() {
            synchronized (InMemoryClusterLogs.this) {
                closed = true;
            }
        }
    }

    private final class Appender implements ClusterLogs.Writer {
        private final Held claim;
        private final ClusterLogs.LogName name;
        private boolean failed;

        Appender(Held claim, ClusterLogs.LogName name) {
            this.claim = claim;
            this.name = name;
        }

        @Override
        public void append(long position, byte[] bytes, ClusterLogs.Completion completion) {
            if (bytes.length > ClusterLogs.MAX_ENTRY_SIZE) {
                throw new IllegalArgumentException("an entry has %d bytes".formatted(bytes.length));
            }
            Runnable word;
            boolean now = true;
            synchronized (InMemoryClusterLogs.this) {
                claim.requireWriter();
                Fault fate = faults.isEmpty() ? Fault.NONE : faults.remove();
                if (failed || fate == Fault.REFUSED || unreachable) {
                    failed = true;
                    word = () -> completion.failed(refused());
                } else {
                    store(position, bytes);
                    log(name).unconfirmed = fate == Fault.UNCONFIRMED ? position : 0;
                    failed = fate == Fault.ACKNOWLEDGEMENT_LOST;
                    word =
                            failed
                                    ? () -> completion.failed(refused())
                                    : () -> completion.durable(position);
                    now = fate != Fault.ACKNOWLEDGEMENT_HELD && held.isEmpty();
                    if (!now) {
                        held.add(word);
                    }
                }
            }
            changed.ring();
            if (now) {
                word.run();
            }
        }

        private void store(long position, byte[] bytes) {
            Log log = log(name);
            if (position != log.end() + 1) {
                throw new IllegalStateException(
                        "entry %d of the %s log follows on %d"
                                .formatted(position, name, log.end()));
            }
            log.entries.add(bytes);
        }

        private SlipwayException refused() {
            return new SlipwayException(
                    ErrorCode.STORAGE_FAILED, "The append failed: the model was told so.");
        }

        @Override
        public void trim(long upTo) {
            synchronized (InMemoryClusterLogs.this) {
                claim.requireWriter();
                Log log = log(name);
                int gone = (int) Math.max(0, Math.min(upTo, log.end()) - log.trimmed);
                log.entries.subList(0, gone).clear();
                log.trimmed += gone;
            }
        }
    }
}
