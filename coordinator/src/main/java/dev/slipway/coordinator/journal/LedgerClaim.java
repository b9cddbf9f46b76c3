package dev.slipway.coordinator.journal;

import dev.slipway.coordinator.journal.ClusterLogs.LogName;
import dev.slipway.error.ErrorCode;
import dev.slipway.error.SlipwayException;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/// The right to write, as long as the znode names this claim.
final class LedgerClaim implements ClusterLogs.Claim {
    private final BookKeeperLogs logs;
    private final String name;
    private final long epoch;
    private final Map<LogName, Long> ends;
    private final Map<LogName, LedgerWriter> writers = new EnumMap<>(LogName.class);

    LedgerClaim(BookKeeperLogs logs, String name, long epoch, Map<LogName, Long> ends) {
        this.logs = logs;
        this.name = name;
        this.epoch = epoch;
        this.ends = new EnumMap<>(ends);
    }

    @Override
    public long epoch() {
        return epoch;
    }

    @Override
    public long end(LogName log) {
        return ends.getOrDefault(log, 0L);
    }

    @Override
    public synchronized LedgerWriter open(LogName log) throws InterruptedException {
        if (writers.containsKey(log)) {
            throw new IllegalStateException(log + " is open already");
        }
        var writer = new LedgerWriter(log, end(log) + 1, this, logs);
        writer.open();
        writers.put(log, writer);
        return writer;
    }

    /// Changes the znode, if this claim still stands there.
    LogsRecord update(UnaryOperator<LogsRecord> change) throws InterruptedException {
        return logs.node()
                .update(
                        record -> {
                            requireOwn(record);
                            return change.apply(record);
                        });
    }

    private void requireOwn(LogsRecord record) {
        if (!record.claim().equals(name)) {
            throw new SlipwayException(
                    ErrorCode.NOT_LEADER,
                    "another member claimed the logs: their epoch is %d, this claim's %d"
                            .formatted(record.epoch(), epoch));
        }
    }

    /// Why something failed: because another member writes, which the znode knows best, or
    /// `otherwise`.
    SlipwayException lostOr(SlipwayException otherwise) throws InterruptedException {
        try {
            requireOwn(logs.node().refresh());
            return otherwise;
        } catch (SlipwayException lost) {
            return lost.code() == ErrorCode.NOT_LEADER ? lost : otherwise;
        }
    }

    /// Deletes what no list names any more.
    void deleteRetired() throws InterruptedException {
        var gone = new ArrayList<Long>();
        for (long ledger : List.copyOf(logs.node().current().retired())) {
            if (logs.ledgers().delete(ledger)) {
                gone.add(ledger);
            }
        }
        if (!gone.isEmpty()) {
            update(record -> record.deleted(gone));
        }
    }

    @Override
    public synchronized void close() {
        var reason = new SlipwayException(ErrorCode.NOT_LEADER, "this member gave its claim back");
        writers.values().forEach(writer -> writer.finish(reason));
    }
}
