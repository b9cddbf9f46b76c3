package dev.slipway.coordinator.logs;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedMap;

/// Logs that no coordinator serves at the moment: for reading only, changes nothing on disk.
public final class StoredLogs implements LogSource {
    private final Path folder;
    private final LogIndex index;

    /// @param folder that of the segments
    public StoredLogs(Path folder, LogIndex index) {
        this.folder = folder;
        this.index = index;
    }

    @Override
    public SortedMap<StepKey, StepLog> steps(long run) {
        return index.steps(run);
    }

    @Override
    public List<ChunkRow> chunks(StepKey step, long fromIndex, int limit) {
        return index.chunks(step, fromIndex, limit);
    }

    @Override
    public List<ChunkRow> arrivals(long run, long afterSequence, int limit) {
        return index.arrivals(run, afterSequence, limit);
    }

    @Override
    public byte @Nullable [] read(ChunkRow row) throws IOException {
        return Segments.read(folder, row);
    }
}
