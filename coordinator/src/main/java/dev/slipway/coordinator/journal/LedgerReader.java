package dev.slipway.coordinator.journal;

import dev.slipway.coordinator.journal.ClusterLogs.LogEntry;
import dev.slipway.coordinator.journal.ClusterLogs.LogName;
import dev.slipway.coordinator.journal.LogsRecord.LedgerRef;
import dev.slipway.error.ErrorCode;
import dev.slipway.error.SlipwayException;
import dev.slipway.time.Bell;
import dev.slipway.time.Timers;

import org.apache.bookkeeper.client.BKException;
import org.apache.bookkeeper.client.api.LastConfirmedAndEntry;
import org.apache.bookkeeper.client.api.LedgerEntries;
import org.apache.bookkeeper.client.api.LedgerEntry;
import org.apache.bookkeeper.client.api.ReadHandle;
import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;

/// Reads one log, without disturbing its writer.
///
/// How far a ledger may be read: to its end when the list names a successor, for then it is closed
/// and its end known; else as far as BookKeeper says that it is confirmed. Entries behind that may
/// be gone after a takeover.
final class LedgerReader {
    /// How long a bookie holds a request for an entry that is not there yet.
    private static final Duration LONGEST_POLL = Duration.ofSeconds(1);

    /// Between two looks at a ledger that did not answer with an entry.
    private static final Duration PAUSE = Duration.ofMillis(50);

    /// Entries asked for at once, and bytes after which a batch is large enough.
    private static final int STRIDE = 32;

    private static final long ENOUGH = 8L << 20;

    private static final int OPEN_LEDGERS = 8;

    private final LogName log;
    private final BookKeeperLogs logs;
    private final Bell changed;
    private final Map<Long, ReadHandle> handles = new LinkedHashMap<>(16, 0.75f, true);

    LedgerReader(LogName log, BookKeeperLogs logs) {
        this.log = log;
        this.logs = logs;
        this.changed = logs.changed();
    }

    /// A ledger and how far it goes.
    ///
    /// @param last the last entry's id; null when the ledger is the last one, so only it knows
    private record Place(LedgerRef ledger, @Nullable Long last) {
        /// What a position is called inside the ledger.
        long entry(long position) {
            return position - ledger.first();
        }
    }

    List<LogEntry> read(long after, int limit, Duration atMost) throws InterruptedException {
        long position = after + 1;
        Duration until = logs.ports().clock().uptime().plus(atMost);
        @Nullable CompletableFuture<?> poll = null;
        @Nullable LedgerRef polled = null;
        while (true) {
            CountDownLatch rung = changed.next();
            @Nullable Place place = locate(known(), position);
            if (place != null) {
                if (!place.ledger().equals(polled)) {
                    poll = null; // The log went on in another ledger.
                    polled = place.ledger();
                }
                ReadHandle handle = open(place.ledger(), position);
                long last = place.last() != null ? place.last() : confirmed(handle);
                if (place.entry(position) <= last) {
                    return fetch(handle, place, position, limit, last);
                }
                if (poll != null && poll.isDone()) {
                    requireAnswer(poll);
                    poll = null;
                } else if (poll == null && !handle.isClosed()) {
                    poll = poll(handle, place.entry(position), left(until));
                }
            }
            Duration left = left(until);
            if (left.isZero()) {
                return List.of();
            }
            boolean asked = poll != null || place == null;
            Timers.Timer timer =
                    logs.ports().timers().after(asked ? left : shorter(left), changed::ring);
            rung.await();
            timer.cancel();
        }
    }

    private static Duration shorter(Duration left) {
        return left.compareTo(PAUSE) < 0 ? left : PAUSE;
    }

    /// Bookies do not know a ledger before its first entry: that is an answer, too.
    private void requireAnswer(CompletableFuture<?> poll) throws InterruptedException {
        if (poll.isCompletedExceptionally()
                && poll.exceptionNow() instanceof BKException.BKNoSuchLedgerExistsException) {
            return;
        }
        Ledgers.await("the end of %s cannot be read".formatted(log), poll);
    }

    private LogsRecord known() throws InterruptedException {
        LogsRecord known = logs.node().current();
        // Before the first word from ZooKeeper nothing is known, not even that there is nothing.
        return known.equals(LogsRecord.NONE) ? logs.node().refresh() : known;
    }

    /// @return null when nobody has written so far
    /// @throws SlipwayException POSITION_TRIMMED when it is before the first ledger
    private @Nullable Place locate(LogsRecord record, long position) {
        List<LedgerRef> ledgers = record.ledgers(log);
        if (!ledgers.isEmpty() && position < ledgers.getFirst().first()) {
            throw new SlipwayException(
                    ErrorCode.POSITION_TRIMMED,
                    "entry %d of %s is no longer kept; the first is %d"
                            .formatted(position, log, ledgers.getFirst().first()));
        }
        @Nullable Long next = null;
        for (LedgerRef ledger : ledgers.reversed()) {
            if (ledger.first() <= position) {
                return new Place(ledger, next == null ? null : next - ledger.first() - 1);
            }
            next = ledger.first();
        }
        return null;
    }

    private ReadHandle open(LedgerRef ledger, long position) throws InterruptedException {
        synchronized (handles) {
            @Nullable ReadHandle open = handles.get(ledger.id());
            if (open != null) {
                return open;
            }
        }
        ReadHandle opened;
        try {
            opened =
                    Ledgers.await(
                            "ledger %d cannot be opened".formatted(ledger.id()),
                            logs.ledgers().tail(ledger));
        } catch (SlipwayException problem) {
            throw trimmedOr(problem, position);
        }
        synchronized (handles) {
            handles.put(ledger.id(), opened);
            if (handles.size() > OPEN_LEDGERS) {
                Iterator<ReadHandle> eldest = handles.values().iterator();
                eldest.next().closeAsync();
                eldest.remove();
            }
        }
        return opened;
    }

    /// The list may have been trimmed since it was looked at.
    private SlipwayException trimmedOr(SlipwayException otherwise, long position)
            throws InterruptedException {
        try {
            locate(logs.node().refresh(), position);
            return otherwise;
        } catch (SlipwayException trimmed) {
            return trimmed;
        }
    }

    private static long confirmed(ReadHandle handle) {
        return handle.isClosed()
                ? handle.getLedgerMetadata().getLastEntryId()
                : handle.getLastAddConfirmed();
    }

    /// Asks the bookies to answer when the entry is confirmed, and rings then.
    private CompletableFuture<?> poll(ReadHandle handle, long entry, Duration left) {
        long millis = Math.clamp(left.toMillis(), 1, LONGEST_POLL.toMillis());
        CompletableFuture<LastConfirmedAndEntry> poll =
                handle.readLastAddConfirmedAndEntryAsync(entry, millis, false);
        // Not what whenComplete gives is returned: that is done only after the bell was rung.
        poll.whenComplete(
                (answer, problem) -> {
                    if (answer != null) {
                        answer.close();
                    }
                    changed.ring();
                });
        return poll;
    }

    private List<LogEntry> fetch(
            ReadHandle handle, Place place, long position, int limit, long last)
            throws InterruptedException {
        var found = new ArrayList<LogEntry>(Math.min(limit, STRIDE));
        long bytes = 0;
        long from = place.entry(position);
        long to = Math.min(last, from + limit - 1);
        while (from <= to && bytes < ENOUGH) {
            long upTo = Math.min(to, from + STRIDE - 1);
            try (LedgerEntries entries =
                    Ledgers.await(
                            "entries of ledger %d cannot be read".formatted(handle.getId()),
                            handle.readUnconfirmedAsync(from, upTo))) {
                for (LedgerEntry entry : entries) {
                    byte[] content = entry.getEntryBytes();
                    bytes += content.length;
                    found.add(new LogEntry(place.ledger().first() + entry.getEntryId(), content));
                }
            } catch (SlipwayException problem) {
                throw trimmedOr(problem, position);
            }
            from = upTo + 1;
        }
        return found;
    }

    private Duration left(Duration until) {
        Duration left = until.minus(logs.ports().clock().uptime());
        return left.isNegative() ? Duration.ZERO : left;
    }

    /// Looks at a ledger afresh: it was closed by somebody else. Whoever waits for its next entry
    /// looks as well, for the bookies would let it wait: the last entry of a ledger that was
    /// recovered is confirmed by its metadata only.
    void forget(long ledger) {
        @Nullable ReadHandle handle;
        synchronized (handles) {
            handle = handles.remove(ledger);
        }
        if (handle != null) {
            handle.closeAsync();
        }
        changed.ring();
    }

    void close() {
        synchronized (handles) {
            handles.values().forEach(ReadHandle::closeAsync);
            handles.clear();
        }
    }
}
