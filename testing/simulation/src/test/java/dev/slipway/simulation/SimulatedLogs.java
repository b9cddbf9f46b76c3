package dev.slipway.simulation;

import static dev.slipway.coordinator.journal.ClusterLogs.LogName.CONTROL;

import dev.slipway.coordinator.journal.ClusterLogs;
import dev.slipway.coordinator.journal.ClusterLogs.LogEntry;
import dev.slipway.coordinator.journal.ClusterLogs.LogName;
import dev.slipway.coordinator.journal.Entry;
import dev.slipway.coordinator.journal.EntryCodec;
import dev.slipway.coordinator.model.Invariant;
import dev.slipway.error.ErrorCode;
import dev.slipway.error.SlipwayException;
import dev.slipway.testkit.SimulatedWorld.Node;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;

/// The model of BookKeeper, and of the znode with the epoch: two logs on a host of their own. Their
/// writer is fenced when another member recovers them; what is appended shows to readers a little
/// later, as the last confirmed entry does. Too few bookies may be alive to write; then reading
/// still works. {@link SimulatedLogsClient} is how a member sees it.
final class SimulatedLogs {
    static final String HOST = "bookkeeper";
    private static final int SHOWN_LATE_MILLIS = 1_000;

    /// One of so many entries shows only when another one follows.
    private static final int NEVER_SHOWN_OF = 8;

    private final SimulatedNetwork network;
    private final Node node;
    private final Map<LogName, Log> logs = new EnumMap<>(LogName.class);
    private final List<Entry> journal = new ArrayList<>();
    private long epoch;
    private boolean writable = true;
    private int refused;
    private int unanswered;

    private static final class Log {
        /// Everything that was ever stored: position 1 first.
        final List<byte[]> entries = new ArrayList<>();

        final List<Reader> readers = new ArrayList<>();
        long trimmed;
        long shown;
        long openedBy;
        long fence;
    }

    /// One that waits for an entry.
    private record Reader(long after, int limit, CompletableFuture<List<LogEntry>> answer) {}

    SimulatedLogs(SimulatedNetwork network) {
        this.network = network;
        this.node = network.world().node(HOST);
        for (LogName name : LogName.values()) {
            logs.put(name, new Log());
        }
    }

    /// The logs as a member's process sees them.
    SimulatedLogsClient member(Node process, Runnable onOpen) {
        return new SimulatedLogsClient(network, this, process, onOpen);
    }

    /// The entries of the journal that are stored: no failure takes them away. Grows.
    List<Entry> journal() {
        return journal;
    }

    /// The position of the last entry that says something; 0 when there is none.
    long end(LogName name) {
        List<byte[]> entries = log(name).entries;
        int end = entries.size();
        while (end > 0 && saysNothing(entries.get(end - 1))) {
            end--;
        }
        return end;
    }

    // -- Faults

    /// Whether enough bookies are alive to write.
    void writable(boolean now) {
        writable = now;
    }

    /// Of the next appends one is refused.
    void refuseOne() {
        refused = 1 + network.world().random().nextInt(4);
    }

    /// Of the next appends one is stored, and nobody is told.
    void answerOneNot() {
        unanswered = 1 + network.world().random().nextInt(4);
    }

    void heal() {
        writable = true;
        refused = 0;
        unanswered = 0;
    }

    // -- What members ask for; it runs on this host

    long epoch() {
        return epoch;
    }

    /// Raises the epoch by compare-and-set.
    long raise(long expected) {
        if (epoch != expected) {
            throw fenced(expected);
        }
        epoch++;
        network.world().note("epoch %d is claimed".formatted(epoch));
        return epoch;
    }

    /// Closes what earlier writers left open: they can append no more.
    Map<LogName, Long> recover(long mine) {
        requireLatest(mine);
        requireWritable();
        var ends = new EnumMap<LogName, Long>(LogName.class);
        logs.forEach(
                (name, log) -> {
                    log.fence = mine;
                    ends.put(name, (long) log.entries.size());
                    show(log, log.entries.size());
                });
        return ends;
    }

    boolean open(long mine, LogName name) {
        requireLatest(mine);
        requireWritable();
        log(name).openedBy = mine;
        return true;
    }

    /// @return whether the writer is to be answered
    boolean append(long mine, LogName name, LogEntry entry) {
        Log log = log(name);
        if (mine < log.fence || mine != log.openedBy) {
            if (network.variant().fences()) {
                throw fenced(mine);
            }
            // Its ledger takes the entry, and nobody will ever read it.
            return true;
        }
        boolean fails = refused > 0 && --refused == 0;
        if (fails || entry.position() != log.entries.size() + 1) {
            throw failed("The bookies refuse entry %d.".formatted(entry.position()));
        }
        requireWritable();
        store(name, log, entry.bytes());
        return unanswered == 0 || --unanswered > 0;
    }

    private void store(LogName name, Log log, byte[] bytes) {
        log.entries.add(bytes);
        if (name == CONTROL && !saysNothing(bytes)) {
            journal.add(decode(bytes));
        }
        long position = log.entries.size();
        show(log, position - 1);
        var random = network.world().random();
        if (random.nextInt(NEVER_SHOWN_OF) > 0) {
            int late = random.nextInt(SHOWN_LATE_MILLIS);
            node.after(Duration.ofMillis(late), () -> show(log, position));
        }
    }

    /// Only nudges those who read.
    private static boolean saysNothing(byte[] bytes) {
        return bytes.length == 1;
    }

    /// Simulated entries are small, so each is a whole message: a byte that says so, and the rest.
    private static Entry decode(byte[] bytes) {
        if (bytes[0] != 0) {
            throw new AssertionError("an entry of the journal comes in parts");
        }
        return new EntryCodec().decode(Arrays.copyOfRange(bytes, 1, bytes.length));
    }

    private void show(Log log, long upTo) {
        if (upTo > log.shown) {
            log.shown = upTo;
            List<Reader> waiting = List.copyOf(log.readers);
            log.readers.clear();
            waiting.forEach(reader -> answer(log, reader));
        }
    }

    void read(LogName name, long after, int limit, CompletableFuture<List<LogEntry>> answer) {
        answer(log(name), new Reader(after, limit, answer));
    }

    private void answer(Log log, Reader reader) {
        long after = reader.after();
        if (after < log.trimmed) {
            reader.answer()
                    .completeExceptionally(
                            new SlipwayException(
                                    ErrorCode.POSITION_TRIMMED,
                                    "Entry %d is no longer kept; the first is %d."
                                            .formatted(after + 1, log.trimmed + 1)));
        } else if (after >= log.shown) {
            log.readers.add(reader);
        } else {
            var found = new ArrayList<LogEntry>();
            for (long at = after + 1; at <= log.shown && found.size() < reader.limit(); at++) {
                found.add(new LogEntry(at, log.entries.get((int) at - 1)));
            }
            reader.answer().complete(found);
        }
    }

    /// A reader waits no longer.
    @SuppressWarnings("ReferenceEquality") // this very answer
    void giveUp(LogName name, CompletableFuture<List<LogEntry>> answer) {
        log(name).readers.removeIf(reader -> reader.answer() == answer);
        answer.complete(List.of());
    }

    long firstKept(LogName name) {
        return log(name).trimmed + 1;
    }

    boolean trim(long mine, LogName name, long upTo) {
        requireLatest(mine);
        Log log = log(name);
        long end = Math.min(upTo, log.shown);
        if (end > log.trimmed) {
            log.trimmed = end;
            network.world().note("the %s log is trimmed to %d".formatted(name, end));
        }
        return true;
    }

    // -- Beyond what members see

    /// A writer was told that an entry is durable.
    void acknowledged(LogName name, LogEntry entry) {
        List<byte[]> stored = log(name).entries;
        int at = (int) entry.position() - 1;
        network.audit()
                .guard(
                        witness ->
                                Invariant.ACKNOWLEDGED_IS_DURABLE.require(
                                        at < stored.size()
                                                && Arrays.equals(stored.get(at), entry.bytes()),
                                        "entry %d of the %s log was acknowledged and is not there"
                                                .formatted(entry.position(), name)));
    }

    Node node() {
        return node;
    }

    private Log log(LogName name) {
        return Objects.requireNonNull(logs.get(name));
    }

    private void requireLatest(long mine) {
        if (mine != epoch) {
            throw fenced(mine);
        }
    }

    private void requireWritable() {
        if (!writable) {
            throw failed("Too few bookies are alive.");
        }
    }

    private SlipwayException fenced(long mine) {
        return new SlipwayException(
                ErrorCode.NOT_LEADER,
                "Another coordinator has claimed the logs (epoch %d, this one has %d)."
                        .formatted(epoch, mine));
    }

    static SlipwayException failed(String why) {
        return new SlipwayException(ErrorCode.STORAGE_FAILED, why);
    }

    /// See {@link ClusterLogs#MAX_ENTRY_SIZE}.
    static void requireFits(byte[] bytes) {
        if (bytes.length > ClusterLogs.MAX_ENTRY_SIZE) {
            throw new AssertionError("an entry has %d bytes".formatted(bytes.length));
        }
    }
}
