package dev.slipway.coordinator.logs;

import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/// An index that lives as long as its object: for tests and simulation.
public final class InMemoryLogIndex implements LogIndex {
    private final TreeMap<StepKey, StepLog> steps = new TreeMap<>();
    private final TreeMap<StepKey, TreeMap<Long, ChunkRow>> chunks = new TreeMap<>();
    private final TreeMap<Long, TreeMap<Long, ChunkRow>> arrivals = new TreeMap<>();
    private final TreeMap<Integer, SegmentRow> segments = new TreeMap<>();

    @Override
    public synchronized Optional<StepLog> step(StepKey step) {
        return Optional.ofNullable(steps.get(step));
    }

    @Override
    public synchronized SortedMap<StepKey, StepLog> steps(long run) {
        var found = new TreeMap<StepKey, StepLog>();
        steps.forEach(
                (step, log) -> {
                    if (step.run() == run) {
                        found.put(step, log);
                    }
                });
        return found;
    }

    @Override
    public synchronized List<ChunkRow> chunks(StepKey step, long fromIndex, int limit) {
        return chunks.getOrDefault(step, new TreeMap<>()).tailMap(fromIndex).values().stream()
                .limit(limit)
                .toList();
    }

    @Override
    public synchronized List<ChunkRow> arrivals(long run, long afterSequence, int limit) {
        return arrivals
                .getOrDefault(run, new TreeMap<>())
                .tailMap(afterSequence, false)
                .values()
                .stream()
                .limit(limit)
                .toList();
    }

    @Override
    public synchronized SortedMap<Integer, SegmentRow> segments() {
        return new TreeMap<>(segments);
    }

    @Override
    public synchronized void write(Changes changes, boolean synced) {
        steps.putAll(changes.steps());
        for (ChunkRow row : changes.chunks()) {
            chunks.computeIfAbsent(row.step(), step -> new TreeMap<>()).put(row.index(), row);
            arrivals.computeIfAbsent(row.step().run(), run -> new TreeMap<>())
                    .put(row.sequence(), row);
        }
        segments.putAll(changes.segments());
        changes.removedSteps().forEach(steps::remove);
        for (ChunkRow row : changes.removedChunks()) {
            chunks.getOrDefault(row.step(), new TreeMap<>()).remove(row.index());
            arrivals.getOrDefault(row.step().run(), new TreeMap<>()).remove(row.sequence());
        }
        changes.removedSegments().forEach(segments::remove);
    }
}
