package dev.slipway.coordinator.logs;

import dev.slipway.coordinator.storage.Batch;
import dev.slipway.coordinator.storage.Database;
import dev.slipway.coordinator.storage.KeyCodec;
import dev.slipway.coordinator.storage.KeyReader;
import dev.slipway.coordinator.storage.KeyWriter;
import dev.slipway.coordinator.storage.LogPositions;
import dev.slipway.coordinator.storage.Table;
import dev.slipway.id.JobId;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BiConsumer;

/// Finds chunks in the segments: four tables. They hold nothing that the segments do not say as
/// well: what is lost of the latest writes is read again from them after a start. Safe for many
/// readers beside the one writer.
public final class LogIndex {
    private static final KeyCodec<StepKey> STEP =
            new KeyCodec<>() {
                @Override
                public void write(StepKey key, KeyWriter to) {
                    writeStep(key, to);
                }

                @Override
                public StepKey read(KeyReader from) {
                    return readStep(from);
                }
            };
    private static final KeyCodec<Place> PLACE =
            new KeyCodec<>() {
                @Override
                public void write(Place key, KeyWriter to) {
                    writeStep(key.step(), to);
                    to.number(key.index());
                }

                @Override
                public Place read(KeyReader from) {
                    return new Place(readStep(from), from.number());
                }
            };
    private static final KeyCodec<Arrival> ARRIVAL =
            new KeyCodec<>() {
                @Override
                public void write(Arrival key, KeyWriter to) {
                    to.number(key.run()).number(key.sequence());
                }

                @Override
                public Arrival read(KeyReader from) {
                    return new Arrival(from.number(), from.number());
                }
            };

    private static final Table<StepKey, StepLog> STEPS =
            new Table<>("log_steps", STEP, LogRows.STEP_LOG);
    private static final Table<Place, LogRows.Location> CHUNKS =
            new Table<>("log_chunks", PLACE, LogRows.LOCATION);
    private static final Table<Arrival, Place> ARRIVALS =
            new Table<>("log_arrivals", ARRIVAL, LogRows.PLACE);
    private static final Table<Long, SegmentRow> SEGMENTS =
            new Table<>("log_segments", KeyCodec.NUMBER, LogRows.SEGMENT);

    private final Database database;

    public LogIndex(Database database) {
        this.database = database;
    }

    /// @param indexedTo every record below this offset is in the index
    /// @param live what its chunks that are still in the index weigh
    /// @param lastSequence the highest sequence of its records
    record SegmentRow(long indexedTo, long live, long lastSequence) {
        static final SegmentRow EMPTY = new SegmentRow(0, 0, 0);
    }

    /// One chunk of one step.
    record Place(StepKey step, long index) {}

    /// One chunk in the order of arrival.
    private record Arrival(long run, long sequence) {}

    /// What one write changes; rows are replaced.
    record Changes(
            Map<StepKey, StepLog> steps,
            List<ChunkRow> chunks,
            Map<Integer, SegmentRow> segments,
            List<StepKey> removedSteps,
            List<ChunkRow> removedChunks,
            List<Integer> removedSegments) {

        /// Changes to be filled in.
        static Changes none() {
            return new Changes(
                    new TreeMap<>(),
                    new ArrayList<>(),
                    new TreeMap<>(),
                    new ArrayList<>(),
                    new ArrayList<>(),
                    new ArrayList<>());
        }
    }

    /// How far a step's log has come; empty when none of it has come.
    Optional<StepLog> step(StepKey step) {
        return STEPS.get(database, step);
    }

    /// All steps of a run that have a log, in order.
    SortedMap<StepKey, StepLog> steps(long run) {
        var found = new TreeMap<StepKey, StepLog>();
        STEPS.scan(
                database,
                prefix -> prefix.number(run),
                (step, log) -> {
                    found.put(step, log);
                    return true;
                });
        return found;
    }

    /// The numbers of all runs that have a log.
    List<Long> runs() {
        var runs = new ArrayList<Long>();
        long[] next = {0};
        boolean[] found = {true};
        while (found[0]) {
            found[0] = false;
            STEPS.scanFrom(
                    database,
                    all -> {},
                    from -> from.number(next[0]),
                    (step, log) -> {
                        runs.add(step.run());
                        next[0] = step.run() + 1;
                        found[0] = true;
                        return false;
                    });
        }
        return runs;
    }

    /// Visits all steps that have a log, in order.
    void everyStep(BiConsumer<StepKey, StepLog> visitor) {
        STEPS.scan(
                database,
                prefix -> {},
                (step, log) -> {
                    visitor.accept(step, log);
                    return true;
                });
    }

    /// At most `limit` chunks of a step from an index on.
    List<ChunkRow> chunks(StepKey step, long fromIndex, int limit) {
        var found = new ArrayList<ChunkRow>();
        CHUNKS.scanFrom(
                database,
                prefix -> writeStep(step, prefix),
                from -> PLACE.write(new Place(step, fromIndex), from),
                (place, location) -> {
                    found.add(location.at(place));
                    return found.size() < limit;
                });
        return found;
    }

    /// At most `limit` chunks of a run in the order in which they came, after a sequence.
    List<ChunkRow> arrivals(long run, long afterSequence, int limit) {
        var places = new ArrayList<Place>();
        ARRIVALS.scanFrom(
                database,
                prefix -> prefix.number(run),
                from -> from.number(run).number(afterSequence + 1),
                (arrival, place) -> {
                    places.add(place);
                    return places.size() < limit;
                });
        var found = new ArrayList<ChunkRow>();
        for (Place place : places) {
            CHUNKS.get(database, place).ifPresent(location -> found.add(location.at(place)));
        }
        return found;
    }

    /// All segments by number.
    SortedMap<Integer, SegmentRow> segments() {
        var found = new TreeMap<Integer, SegmentRow>();
        SEGMENTS.scan(
                database,
                prefix -> {},
                (number, row) -> {
                    found.put(Math.toIntExact(number), row);
                    return true;
                });
        return found;
    }

    /// How far the replicated output log is carried out; 0 when there is none.
    long position() {
        return LogPositions.get(database, LogPositions.Of.OUTPUT);
    }

    /// The segments that chunks are still read from, and how many of each one's bytes are indexed.
    public SortedMap<Integer, Long> neededSegments() {
        var needed = new TreeMap<Integer, Long>();
        segments()
                .forEach(
                        (number, row) -> {
                            if (row.live() > 0) {
                                needed.put(number, row.indexedTo());
                            }
                        });
        return needed;
    }

    /// The file of a segment.
    public static Path segmentFile(Path folder, int segment) {
        return Segments.path(folder, segment);
    }

    /// Writes all changes together.
    ///
    /// @param position how far the replicated output log is carried out with them; 0: as before
    /// @param synced whether they must be on disk when this returns
    void write(Changes changes, long position, boolean synced) {
        var batch = new Batch();
        if (position > 0) {
            LogPositions.put(batch, LogPositions.Of.OUTPUT, position);
        }
        changes.steps().forEach((step, log) -> STEPS.put(batch, step, log));
        for (ChunkRow row : changes.chunks()) {
            var place = new Place(row.step(), row.index());
            CHUNKS.put(batch, place, LogRows.Location.of(row));
            ARRIVALS.put(batch, new Arrival(row.step().run(), row.sequence()), place);
        }
        changes.segments().forEach((number, row) -> SEGMENTS.put(batch, (long) number, row));
        changes.removedSteps().forEach(step -> STEPS.delete(batch, step));
        for (ChunkRow row : changes.removedChunks()) {
            CHUNKS.delete(batch, new Place(row.step(), row.index()));
            ARRIVALS.delete(batch, new Arrival(row.step().run(), row.sequence()));
        }
        changes.removedSegments().forEach(number -> SEGMENTS.delete(batch, (long) number));
        database.write(batch, synced ? Database.Durability.SYNCED : Database.Durability.BUFFERED);
    }

    private static void writeStep(StepKey key, KeyWriter to) {
        to.number(key.run());
        to.small(key.attempt().job().job()).small(key.attempt().number()).small(key.step());
    }

    private static StepKey readStep(KeyReader from) {
        var job = new JobId(from.number(), from.small());
        return new StepKey(job.attempt(from.small()), from.small());
    }
}
