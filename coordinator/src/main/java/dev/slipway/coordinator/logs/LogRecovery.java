package dev.slipway.coordinator.logs;

import dev.slipway.coordinator.logs.LogIndex.Changes;
import dev.slipway.coordinator.logs.LogIndex.SegmentRow;
import dev.slipway.error.ErrorCode;
import dev.slipway.error.SlipwayException;

import java.io.IOException;
import java.util.Map;
import java.util.SortedSet;

/// Brings the index up to what the segments hold. The index is written without syncing, so after a
/// power cut it may lack the latest records; each segment is read on from where the index ends.
final class LogRecovery {
    private static final int ROWS_AT_ONCE = 10_000;

    private final LogIndex index;
    private final Segments segments;
    private Changes changes = Changes.none();
    private SegmentRow segment = SegmentRow.EMPTY;
    private long sequence;

    LogRecovery(LogIndex index, Segments segments) {
        this.index = index;
        this.segments = segments;
    }

    /// @return the highest sequence that was given
    long run() throws IOException {
        Map<Integer, SegmentRow> known = index.segments();
        SortedSet<Integer> files = segments.list();
        for (var row : known.entrySet()) {
            sequence = Math.max(sequence, row.getValue().lastSequence());
            if (!files.contains(row.getKey())) {
                forget(row.getKey(), row.getValue());
            }
        }
        for (int number : files) {
            read(number, known.getOrDefault(number, SegmentRow.EMPTY), number == files.last());
        }
        return sequence;
    }

    private void forget(int number, SegmentRow row) {
        if (row.live() > 0) {
            throw new SlipwayException(
                    ErrorCode.STORAGE_FAILED,
                    "The log segment %d is gone although %d bytes of it are needed. Restore it"
                                    .formatted(number, row.live())
                            + " from a backup.");
        }
        var gone = Changes.none();
        gone.removedSegments().add(number);
        index.write(gone, 0, false);
    }

    private void read(int number, SegmentRow row, boolean newest) throws IOException {
        changes = Changes.none();
        segment = row;
        long end =
                segments.scan(
                        number,
                        row.indexedTo(),
                        newest,
                        (read, offset) -> {
                            take(read, read.row(number, offset));
                            if (changes.chunks().size() >= ROWS_AT_ONCE) {
                                write(number, offset + read.length());
                            }
                        });
        sequence = Math.max(sequence, segment.lastSequence());
        if (segment.live() == 0 && (end == 0 || !newest)) {
            segments.delete(number);
            changes.removedSegments().add(number);
            index.write(changes, 0, true);
        } else if (end > row.indexedTo()) {
            write(number, end);
        }
    }

    private void write(int number, long indexedTo) {
        segment = new SegmentRow(indexedTo, segment.live(), segment.lastSequence());
        changes.segments().put(number, segment);
        index.write(changes, 0, true);
        changes = Changes.none();
    }

    private void take(Record read, ChunkRow row) {
        Chunk chunk = read.chunk();
        StepLog log = changes.steps().get(chunk.step());
        if (log == null) {
            log = index.step(chunk.step()).orElse(StepLog.EMPTY);
        }
        if (chunk.index() > log.nextIndex()) {
            throw new SlipwayException(
                    ErrorCode.STORAGE_FAILED,
                    "The log of step %s lacks chunk %d. Restore the logs folder from a backup."
                            .formatted(chunk.step(), log.nextIndex()));
        }
        long live = segment.live();
        if (chunk.index() == log.nextIndex()) {
            changes.steps().put(chunk.step(), log.with(chunk));
            changes.chunks().add(row);
            live += LogEditor.weight(chunk.data().remaining());
        }
        segment =
                new SegmentRow(
                        segment.indexedTo(),
                        live,
                        Math.max(segment.lastSequence(), read.sequence()));
    }
}
