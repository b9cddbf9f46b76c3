package dev.slipway.coordinator.journal;

import dev.slipway.coordinator.journal.ClusterLogs.Completion;
import dev.slipway.coordinator.journal.ClusterLogs.LogName;
import dev.slipway.coordinator.journal.LogsRecord.LedgerRef;
import dev.slipway.error.ErrorCode;
import dev.slipway.error.SlipwayException;
import dev.slipway.time.Bell;
import dev.slipway.time.Timers;

import org.apache.bookkeeper.client.BKException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;

/// Appends to one log, over one ledger after another.
///
/// ```
/// writing ── size, time, a bookie fails or is back ──▶ rolling ──▶ writing
///    └──────────── fenced, too few bookies ─────────────────┴──────▶ ended
/// ```
///
/// What is not acknowledged is kept. Rolling closes the ledger behind its last acknowledged entry
/// and appends what is kept to the next one, so nobody notices. A thread of its own rolls; entries
/// that come meanwhile wait in the same queue.
final class LedgerWriter implements ClusterLogs.Writer {
    private static final Logger LOG = LoggerFactory.getLogger(LedgerWriter.class);

    /// Entries that may be under way; small ones weigh more than their bytes.
    private static final int MOST_UNDER_WAY = 20_000;

    /// How often the bookies and the ledger's age are looked at when nothing happens.
    private static final Duration LOOK = Duration.ofSeconds(5);

    /// Between two rolls that could also wait.
    private static final Duration LEAST_LIFE = Duration.ofSeconds(1);

    private static final Duration PATIENCE_AT_END = Duration.ofSeconds(5);

    private final LogName log;
    private final LedgerClaim claim;
    private final LogsPorts ports;
    private final LogsSettings settings;
    private final Ledgers ledgers;

    private final Bell work = new Bell();
    private final Bell room = new Bell();
    private final Runnable look = work::ring;

    /// Held while completions are called, so that they come in order. Taken before `this`.
    private final ReentrantLock delivery = new ReentrantLock();

    // Guarded by `this`.
    private final ArrayDeque<Pending> unacknowledged = new ArrayDeque<>();
    private long underWay;
    private long next;
    private @Nullable OpenLedger current;
    private @Nullable OpenLedger closing;
    private @Nullable SlipwayException broken;
    private @Nullable SlipwayException end;

    // Only the rolling thread's.
    private Duration notBefore = Duration.ZERO;

    private record Pending(long position, byte[] bytes, Completion completion) {}

    /// @param first position of the first entry to come
    LedgerWriter(LogName log, long first, LedgerClaim claim, BookKeeperLogs logs) {
        this.log = log;
        this.next = first;
        this.claim = claim;
        this.ports = logs.ports();
        this.settings = logs.settings();
        this.ledgers = logs.ledgers();
    }

    /// Puts the first ledger into the list.
    void open() throws InterruptedException {
        Ledgers.Created created = ledgers.create();
        adopt(created, next);
        ledgers.bookies().listen(look);
        ports.threads()
                .startOwner(
                        "slipway-log-" + log.name().toLowerCase(Locale.ROOT), this::keepRolling);
        lookAgain();
    }

    @Override
    public void append(long position, byte[] bytes, Completion completion)
            throws InterruptedException {
        if (bytes.length > ClusterLogs.MAX_ENTRY_SIZE) {
            throw new IllegalArgumentException(
                    "an entry of %d bytes; at most %d are allowed"
                            .formatted(bytes.length, ClusterLogs.MAX_ENTRY_SIZE));
        }
        while (true) {
            CountDownLatch acknowledged;
            synchronized (this) {
                if (end != null) {
                    throw end;
                }
                if (unacknowledged.isEmpty()
                        || (underWay + bytes.length <= settings.window()
                                && unacknowledged.size() < MOST_UNDER_WAY)) {
                    accept(new Pending(position, bytes, completion));
                    return;
                }
                acknowledged = room.next();
            }
            acknowledged.await();
        }
    }

    // Guarded by this.
    private void accept(Pending entry) {
        if (entry.position() != next) {
            throw new IllegalStateException(
                    "entry %d of %s follows on %d".formatted(entry.position(), log, next - 1));
        }
        next++;
        unacknowledged.add(entry);
        underWay += entry.bytes().length;
        if (current != null) {
            send(current, entry);
        }
    }

    // Guarded by this, so that BookKeeper gets entries in order.
    private void send(OpenLedger to, Pending entry) {
        to.bytes += entry.bytes().length;
        to.last = entry.position();
        if (to.bytes >= settings.rollSize()) {
            work.ring();
        }
        to.handle.asyncAddEntry(
                entry.bytes(), (code, handle, id, context) -> answered(to, entry, code), null);
    }

    /// Called by the ledger's own thread of BookKeeper's client, in the order of entries.
    private void answered(OpenLedger from, Pending entry, int code) {
        if (code != BKException.Code.OK) {
            synchronized (this) {
                if ((from != current && from != closing) || broken != null) {
                    return; // Its ledger is closed; the entry goes into the next one.
                }
                broken =
                        Ledgers.failed(
                                "entry %d of %s cannot be written".formatted(entry.position(), log),
                                BKException.create(code));
            }
            work.ring();
            room.ring();
            return;
        }
        delivery.lock();
        try {
            synchronized (this) {
                if (!entry.equals(unacknowledged.peek())) {
                    return; // The writer has ended; all that waited was told so.
                }
                unacknowledged.remove();
                underWay -= entry.bytes().length;
            }
            entry.completion().durable(entry.position());
        } finally {
            delivery.unlock();
        }
        room.ring();
    }

    private void keepRolling() {
        try {
            deleteRetired(); // Also what an earlier leader left.
            while (true) {
                CountDownLatch rung = work.next();
                Optional<String> reason;
                synchronized (this) {
                    if (end != null) {
                        return;
                    }
                    reason = reason();
                }
                if (reason.isPresent()) {
                    roll(reason.get());
                } else {
                    rung.await();
                }
            }
        } catch (InterruptedException asked) {
            finish(new SlipwayException(ErrorCode.STORAGE_FAILED, "the writer was interrupted"));
        } catch (RuntimeException bug) {
            LOG.error("Writing a log failed. Please report this as a bug. log={}", log, bug);
            finish(
                    new SlipwayException(
                            ErrorCode.INTERNAL, "writing %s failed: %s".formatted(log, bug), bug));
        }
    }

    private void deleteRetired() throws InterruptedException {
        try {
            claim.deleteRetired();
        } catch (SlipwayException later) {
            LOG.info("Retired ledgers are deleted later. problem={}", later.getMessage());
        }
    }

    /// Why a new ledger is wanted now. Guarded by this.
    private Optional<String> reason() {
        if (broken != null) {
            return Optional.of("broken");
        }
        Duration now = ports.clock().uptime();
        if (current == null || now.compareTo(notBefore) < 0) {
            return Optional.empty();
        }
        return current.rollReason(now, ledgers.bookies().alive(), settings);
    }

    private void roll(String reason) throws InterruptedException {
        Ledgers.@Nullable Created created = null;
        try {
            @Nullable SlipwayException problem = broken();
            if (problem != null && problem.code() == ErrorCode.NOT_LEADER) {
                throw problem;
            }
            created = ledgers.create();
            notBefore = ports.clock().uptime().plus(LEAST_LIFE);
            ports.timers().after(LEAST_LIFE, look);
            adopt(created, closeCurrent());
            LOG.info(
                    "The log goes on in a new ledger. log={} reason={} ledger={} bookies={}",
                    log,
                    reason,
                    created.handle().getId(),
                    created.bookies());
        } catch (SlipwayException problem) {
            if (created == null && broken() == null) {
                LOG.warn(
                        "A new ledger is wanted and cannot be made; the old one goes on. log={}"
                                + " reason={} problem={}",
                        log,
                        reason,
                        problem.getMessage());
                notBefore = ports.clock().uptime().plus(LOOK);
                return;
            }
            finish(claim.lostOr(problem));
            // The new ledger stays: it may be listed although the answer to that was lost.
            return;
        }
        deleteRetired();
    }

    private synchronized @Nullable SlipwayException broken() {
        return broken;
    }

    /// From here on entries only queue.
    ///
    /// @return the position of the next ledger's first entry
    private long closeCurrent() throws InterruptedException {
        OpenLedger old;
        synchronized (this) {
            old = Objects.requireNonNull(current);
            closing = old;
            current = null;
        }
        awaitAnswers(old);
        try {
            old.handle.close();
        } catch (BKException problem) {
            throw Ledgers.failed(
                    "ledger %d cannot be closed".formatted(old.handle.getId()), problem);
        }
        long first = old.first + old.handle.getLastAddConfirmed() + 1;
        synchronized (this) {
            closing = null;
            broken = null;
            long waiting = unacknowledged.isEmpty() ? next : unacknowledged.element().position();
            if (waiting != first) {
                throw new IllegalStateException(
                        "ledger %d ends before %d, but %d waits for an answer"
                                .formatted(old.handle.getId(), first, waiting));
            }
        }
        return first;
    }

    /// Until what the ledger was given is acknowledged, or the first of it cannot be.
    private void awaitAnswers(OpenLedger ledger) throws InterruptedException {
        while (true) {
            CountDownLatch acknowledged;
            synchronized (this) {
                if (broken != null
                        || end != null
                        || unacknowledged.isEmpty()
                        || unacknowledged.element().position() > ledger.last) {
                    return;
                }
                acknowledged = room.next();
            }
            acknowledged.await();
        }
    }

    /// Lists the ledger, then writes to it: it must not take an entry before everybody can find it.
    private void adopt(Ledgers.Created created, long first) throws InterruptedException {
        var ledger = new LedgerRef(created.handle().getId(), first);
        claim.update(
                record -> record.ledgers(log).contains(ledger) ? record : record.with(log, ledger));
        synchronized (this) {
            current =
                    new OpenLedger(
                            created.handle(), created.bookies(), first, ports.clock().uptime());
            for (Pending entry : unacknowledged) {
                send(current, entry);
            }
        }
    }

    private void lookAgain() {
        synchronized (this) {
            if (end != null) {
                return;
            }
        }
        work.ring();
        ports.timers().after(LOOK, this::lookAgain);
    }

    @Override
    public void trim(long upTo) throws InterruptedException {
        claim.update(record -> record.trimmed(log, upTo));
        deleteRetired();
    }

    /// Ends the writer, and tells everyone who waits. Again: does nothing.
    void finish(SlipwayException reason) {
        ledgers.bookies().forget(look);
        @Nullable OpenLedger last;
        delivery.lock();
        try {
            List<Pending> failed;
            synchronized (this) {
                if (end != null) {
                    return;
                }
                end = reason;
                last = current;
                current = null;
                failed = List.copyOf(unacknowledged);
                unacknowledged.clear();
                underWay = 0;
            }
            failed.forEach(entry -> entry.completion().failed(reason));
        } finally {
            delivery.unlock();
        }
        work.ring();
        room.ring();
        close(last);
    }

    /// Best effort: whoever claims next recovers a ledger that is still open. ZooKeeper may be
    /// gone, and closing waits for it.
    private void close(@Nullable OpenLedger ledger) {
        if (ledger == null) {
            return;
        }
        var closed = ledger.handle.closeAsync();
        Timers.Timer late =
                ports.timers()
                        .after(
                                PATIENCE_AT_END,
                                () -> closed.completeExceptionally(new TimeoutException()));
        try {
            closed.get();
        } catch (ExecutionException problem) {
            LOG.info(
                    "The last ledger is left open for the next writer. log={} problem={}",
                    log,
                    problem.toString());
        } catch (InterruptedException asked) {
            Thread.currentThread().interrupt();
        } finally {
            late.cancel();
        }
    }
}
