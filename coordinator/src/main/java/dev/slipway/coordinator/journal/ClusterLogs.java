package dev.slipway.coordinator.journal;

import dev.slipway.error.SlipwayException;

import java.time.Duration;
import java.util.List;

/// The two replicated logs of a cluster: one writer at a time, any number of readers. Entries of
/// each log are numbered densely from 1 and are opaque bytes. See ADR 10.
///
/// ```
/// standby ── claim() ──▶ claimed ── read to the ends, apply ── open() ──▶ writing ──▶ lost
///    ▲                                                                                 │
///    └─────────────────────────────────────────────────────────────────────────────────┘
/// ```
///
/// Every call may block on the network; all throw {@link SlipwayException}: NOT_LEADER when another
/// member has raised the epoch, STORAGE_FAILED when too few replicas answer. Safe for many threads.
public interface ClusterLogs extends AutoCloseable {
    /// Bytes that one entry may have.
    int MAX_ENTRY_SIZE = 1 << 20;

    /// Which of the two.
    enum LogName {
        /// Journal entries: every decision of the farm.
        CONTROL,
        /// Build output in bulk, so that it never delays a decision.
        OUTPUT
    }

    /// One entry.
    ///
    /// @param position its number in its log, from 1
    /// @param bytes what was appended; not to be changed
    record LogEntry(long position, byte[] bytes) {}

    /// Makes this member the writer: raises the epoch, then recovers and fences what earlier
    /// writers left open in both logs. Everything that an earlier writer was told is durable is
    /// before the ends of the claim; nothing is added behind them but through it.
    ///
    /// @throws SlipwayException when another member claimed meanwhile, or too few replicas answer
    Claim claim() throws InterruptedException;

    /// Reads the entries after a position, without disturbing the writer. Waits up to `atMost` for
    /// the first one.
    ///
    /// @param limit how many at most, at least 1
    /// @return in order and without gaps; empty when nothing came in time
    /// @throws SlipwayException POSITION_TRIMMED when the entry after `after` is no longer kept:
    ///   the reader needs a checkpoint
    List<LogEntry> read(LogName log, long after, int limit, Duration atMost)
            throws InterruptedException;

    /// The first position that is still kept; one past the end when none is.
    long firstKept(LogName log) throws InterruptedException;

    /// The epoch of the latest claim by any member; 0 before the first.
    long epoch() throws InterruptedException;

    @Override
    void close();

    /// The right to write, until another member claims.
    interface Claim extends AutoCloseable {
        /// Higher than that of every claim before.
        long epoch();

        /// The last position of a log when the claim was made; 0 when it is empty.
        long end(LogName log);

        /// Opens a log for appending behind its end. Once for each log.
        Writer open(LogName log) throws InterruptedException;

        /// Gives the right back: closes what was opened, so that the next claim is quick.
        @Override
        void close();
    }

    /// Appends to one log.
    interface Writer {
        /// Appends the next entry. May block while too much is under way. Completions come in the
        /// order of positions, on a thread of the log's; they must return at once.
        ///
        /// @param position the last one plus one
        /// @param bytes at most {@link #MAX_ENTRY_SIZE}; not to be changed afterwards
        /// @throws SlipwayException when the claim was lost before; the completion hears nothing
        ///   then
        void append(long position, byte[] bytes, Completion completion) throws InterruptedException;

        /// Forgets entries up to a position, as far as they are stored apart from later ones.
        void trim(long upTo) throws InterruptedException;
    }

    /// Hears what became of an entry; once.
    interface Completion {
        /// It is on a quorum of replicas, and so are all before it.
        void durable(long position);

        /// It may or may not be there; nothing more can be appended under this claim.
        void failed(SlipwayException problem);
    }
}
