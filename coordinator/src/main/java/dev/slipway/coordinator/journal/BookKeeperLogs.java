package dev.slipway.coordinator.journal;

import dev.slipway.coordinator.journal.LogsRecord.LedgerRef;
import dev.slipway.error.ErrorCode;
import dev.slipway.error.SlipwayException;
import dev.slipway.time.Bell;

import org.apache.bookkeeper.client.api.LedgerMetadata;
import org.apache.bookkeeper.client.api.ReadHandle;
import org.apache.curator.framework.CuratorFramework;

import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/// The replicated logs in Apache BookKeeper: each is a list of ledgers, and one znode holds the
/// epoch and both lists. See ADR 10 and 11.
public final class BookKeeperLogs implements ClusterLogs {
    private static final int RECOVERIES = 5;
    private static final Duration RECOVERY_PAUSE = Duration.ofMillis(200);

    private final LogsSettings settings;
    private final LogsPorts ports;
    private final Bell changed = new Bell();
    private final Ledgers ledgers;
    private final LogsNode node;
    private final Map<LogName, LedgerReader> readers = new EnumMap<>(LogName.class);

    private BookKeeperLogs(
            LogsSettings settings, LogsPorts ports, Ledgers ledgers, CuratorFramework zooKeeper) {
        this.settings = settings;
        this.ports = ports;
        this.ledgers = ledgers;
        this.node = new LogsNode(zooKeeper, changed);
        for (LogName log : LogName.values()) {
            readers.put(log, new LedgerReader(log, this));
        }
    }

    /// @param zooKeeper started, with the farm's chroot; belongs to the caller
    /// @throws SlipwayException STORAGE_FAILED when ZooKeeper or BookKeeper's metadata is not there
    public static BookKeeperLogs open(
            CuratorFramework zooKeeper, LogsSettings settings, LogsPorts ports)
            throws InterruptedException {
        return new BookKeeperLogs(
                settings, ports, Ledgers.open(settings, ports.clock()), zooKeeper);
    }

    LogsSettings settings() {
        return settings;
    }

    LogsPorts ports() {
        return ports;
    }

    Ledgers ledgers() {
        return ledgers;
    }

    LogsNode node() {
        return node;
    }

    /// Rung when the lists have changed.
    Bell changed() {
        return changed;
    }

    @Override
    public Claim claim() throws InterruptedException {
        ledgers.bookies().trust();
        String name = ports.ids().fresh();
        LogsRecord record = node.update(old -> old.claim().equals(name) ? old : old.claimed(name));
        var ends = new EnumMap<LogName, Long>(LogName.class);
        for (int attempt = 1; ; attempt++) {
            try {
                recover(record, ends);
                return new LedgerClaim(this, name, record.epoch(), ends);
            } catch (SlipwayException problem) {
                LogsRecord now = node.refresh();
                if (!now.claim().equals(name)) {
                    throw new SlipwayException(
                            ErrorCode.NOT_LEADER,
                            "another member claimed epoch %d meanwhile".formatted(now.epoch()),
                            problem);
                }
                if (attempt == RECOVERIES) {
                    throw problem;
                }
                ports.timers().pause(RECOVERY_PAUSE);
            }
        }
    }

    /// Only the last ledger of a log can be open: the next one is listed after it was closed.
    private void recover(LogsRecord record, Map<LogName, Long> ends) throws InterruptedException {
        var opening = new EnumMap<LogName, CompletableFuture<ReadHandle>>(LogName.class);
        for (LogName log : LogName.values()) {
            List<LedgerRef> listed = record.ledgers(log);
            if (!listed.isEmpty()) {
                opening.put(log, ledgers.recover(listed.getLast()));
            }
        }
        for (var entry : opening.entrySet()) {
            LedgerRef ledger = record.ledgers(entry.getKey()).getLast();
            ReadHandle handle =
                    Ledgers.await(
                            "ledger %d cannot be recovered".formatted(ledger.id()),
                            entry.getValue());
            // The metadata decides: the old writer may have closed it while it was recovered.
            LedgerMetadata metadata = handle.getLedgerMetadata();
            handle.closeAsync();
            if (!metadata.isClosed()) {
                throw new SlipwayException(
                        ErrorCode.STORAGE_FAILED,
                        "ledger %d is still open after its recovery".formatted(ledger.id()));
            }
            ends.put(entry.getKey(), ledger.first() + metadata.getLastEntryId());
            reader(entry.getKey()).forget(ledger.id());
        }
    }

    private LedgerReader reader(LogName log) {
        return java.util.Objects.requireNonNull(readers.get(log));
    }

    @Override
    public List<LogEntry> read(LogName log, long after, int limit, Duration atMost)
            throws InterruptedException {
        if (after < 0 || limit < 1) {
            throw new IllegalArgumentException("after %d, limit %d".formatted(after, limit));
        }
        return reader(log).read(after, limit, atMost);
    }

    @Override
    public long firstKept(LogName log) throws InterruptedException {
        List<LedgerRef> listed = node.refresh().ledgers(log);
        return listed.isEmpty() ? 1 : listed.getFirst().first();
    }

    @Override
    public long epoch() throws InterruptedException {
        return node.refresh().epoch();
    }

    @Override
    public void close() {
        readers.values().forEach(LedgerReader::close);
        node.close();
        ledgers.close();
    }
}
