package dev.slipway.coordinator.journal;

import com.google.protobuf.InvalidProtocolBufferException;

import dev.slipway.coordinator.journal.ClusterLogs.LogName;
import dev.slipway.error.ErrorCode;
import dev.slipway.error.SlipwayException;
import dev.slipway.journal.v1.LedgerList;
import dev.slipway.journal.v1.ReplicatedLogs;

import java.util.ArrayList;
import java.util.List;

/// What the one znode says: who may write, and which ledgers the logs are made of. Immutable; every
/// change is a compare-and-set of the whole.
///
/// @param claim random name of the latest claim; empty before the first
/// @param retired ledgers that are in no list any more and still have to be deleted
record LogsRecord(
        long epoch,
        String claim,
        List<LedgerRef> control,
        List<LedgerRef> output,
        List<Long> retired) {
    static final LogsRecord NONE = new LogsRecord(0, "", List.of(), List.of(), List.of());

    private static final int FORMAT = 1;

    /// One ledger of a log.
    ///
    /// @param first position of its first entry; the one before is the end of its predecessor
    record LedgerRef(long id, long first) {}

    LogsRecord {
        control = List.copyOf(control);
        output = List.copyOf(output);
        retired = List.copyOf(retired);
    }

    /// In order; all but the last are closed.
    List<LedgerRef> ledgers(LogName log) {
        return switch (log) {
            case CONTROL -> control;
            case OUTPUT -> output;
        };
    }

    LogsRecord claimed(String by) {
        return new LogsRecord(epoch + 1, by, control, output, retired);
    }

    /// Adds the next ledger of a log. A predecessor without entries is retired.
    LogsRecord with(LogName log, LedgerRef ledger) {
        var ledgers = new ArrayList<>(ledgers(log));
        var gone = new ArrayList<>(retired);
        if (!ledgers.isEmpty() && ledgers.getLast().first() == ledger.first()) {
            gone.add(ledgers.removeLast().id());
        }
        ledgers.add(ledger);
        return with(log, ledgers, gone);
    }

    /// Retires the ledgers whose entries are all at or below a position; never the last one.
    LogsRecord trimmed(LogName log, long upTo) {
        List<LedgerRef> ledgers = ledgers(log);
        int from = 0;
        var gone = new ArrayList<>(retired);
        while (from + 1 < ledgers.size() && ledgers.get(from + 1).first() - 1 <= upTo) {
            gone.add(ledgers.get(from).id());
            from++;
        }
        return with(log, ledgers.subList(from, ledgers.size()), gone);
    }

    LogsRecord deleted(List<Long> ids) {
        var left = new ArrayList<>(retired);
        left.removeAll(ids);
        return new LogsRecord(epoch, claim, control, output, left);
    }

    private LogsRecord with(LogName log, List<LedgerRef> ledgers, List<Long> gone) {
        return switch (log) {
            case CONTROL -> new LogsRecord(epoch, claim, ledgers, output, gone);
            case OUTPUT -> new LogsRecord(epoch, claim, control, ledgers, gone);
        };
    }

    byte[] encode() {
        return ReplicatedLogs.newBuilder()
                .setFormat(FORMAT)
                .setEpoch(epoch)
                .setClaim(claim)
                .setControl(encode(control))
                .setOutput(encode(output))
                .addAllRetiredLedgers(retired)
                .build()
                .toByteArray();
    }

    /// @throws SlipwayException when a newer program wrote it, or it is something else
    static LogsRecord decode(byte[] bytes) {
        try {
            var from = ReplicatedLogs.parseFrom(bytes);
            if (from.getFormat() != FORMAT) {
                throw new SlipwayException(
                        ErrorCode.STORAGE_FAILED,
                        ("the cluster's record in ZooKeeper has format %d, this program knows %d;"
                                        + " run the version that wrote it, or a newer one")
                                .formatted(from.getFormat(), FORMAT));
            }
            return new LogsRecord(
                    from.getEpoch(),
                    from.getClaim(),
                    decode(from.getControl()),
                    decode(from.getOutput()),
                    from.getRetiredLedgersList());
        } catch (InvalidProtocolBufferException problem) {
            throw new SlipwayException(
                    ErrorCode.STORAGE_FAILED,
                    "the znode of the cluster's logs holds something else; is the chroot right?",
                    problem);
        }
    }

    private static LedgerList encode(List<LedgerRef> ledgers) {
        var to = LedgerList.newBuilder();
        for (LedgerRef ledger : ledgers) {
            to.addLedgers(
                    dev.slipway.journal.v1.Ledger.newBuilder()
                            .setId(ledger.id())
                            .setFirstPosition(ledger.first()));
        }
        return to.build();
    }

    private static List<LedgerRef> decode(LedgerList from) {
        return from.getLedgersList().stream()
                .map(ledger -> new LedgerRef(ledger.getId(), ledger.getFirstPosition()))
                .toList();
    }
}
