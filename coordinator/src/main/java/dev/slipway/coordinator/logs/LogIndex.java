package dev.slipway.coordinator.logs;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/// Finds chunks in the segments. It holds nothing that the segments do not say as well: what it has
/// lost of its latest writes is read again from them after a start. Safe for many readers beside
/// the one writer.
public interface LogIndex {
    /// How far a step's log has come; empty when none of it has come.
    Optional<StepLog> step(StepKey step);

    /// All steps of a run that have a log, in order.
    SortedMap<StepKey, StepLog> steps(long run);

    /// At most `limit` chunks of a step from an index on.
    List<ChunkRow> chunks(StepKey step, long fromIndex, int limit);

    /// At most `limit` chunks of a run in the order in which they came, after a sequence.
    List<ChunkRow> arrivals(long run, long afterSequence, int limit);

    /// All segments by number.
    SortedMap<Integer, SegmentRow> segments();

    /// Writes all changes together. Rows are replaced.
    ///
    /// @param synced whether they must be on disk when this returns
    void write(Changes changes, boolean synced);

    /// @param indexedTo every record below this offset is in the index
    /// @param live bytes of records that are still in the index
    /// @param lastSequence the highest sequence of its records
    record SegmentRow(long indexedTo, long live, long lastSequence) {
        static final SegmentRow EMPTY = new SegmentRow(0, 0, 0);
    }

    /// What one write changes.
    record Changes(
            Map<StepKey, StepLog> steps,
            List<ChunkRow> chunks,
            Map<Integer, SegmentRow> segments,
            List<StepKey> removedSteps,
            List<ChunkRow> removedChunks,
            List<Integer> removedSegments) {

        /// Changes to be filled in.
        public static Changes none() {
            return new Changes(
                    new TreeMap<>(),
                    new ArrayList<>(),
                    new TreeMap<>(),
                    new ArrayList<>(),
                    new ArrayList<>(),
                    new ArrayList<>());
        }
    }
}
