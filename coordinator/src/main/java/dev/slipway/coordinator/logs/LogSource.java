package dev.slipway.coordinator.logs;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.util.List;
import java.util.SortedMap;

/// Where chunks are read from: a {@link LogStore} that is written to, or {@link StoredLogs} that
/// nobody serves. Safe for many threads.
public interface LogSource {
    /// All steps of a run that have a log, in order.
    SortedMap<StepKey, StepLog> steps(long run);

    /// At most `limit` chunks of a step from an index on.
    List<ChunkRow> chunks(StepKey step, long fromIndex, int limit);

    /// At most `limit` chunks of a run in the order in which they came, after a sequence.
    List<ChunkRow> arrivals(long run, long afterSequence, int limit);

    /// A chunk's data as it came; null when it was removed meanwhile.
    byte @Nullable [] read(ChunkRow row) throws IOException;
}
