package dev.slipway.coordinator.logs;

import dev.slipway.coordinator.logs.LogIndex.Place;
import dev.slipway.coordinator.logs.LogIndex.SegmentRow;
import dev.slipway.coordinator.storage.Codec;
import dev.slipway.id.JobId;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/// The rows of the log tables as bytes. Every row begins with the version of its form.
final class LogRows {
    private static final byte VERSION = 1;

    private LogRows() {}

    /// Where a chunk lies, without its name (which is the key).
    record Location(
            long sequence,
            long rawFrom,
            long rawTo,
            int segment,
            long offset,
            int length,
            int crc32c,
            int plainSize,
            int lines) {
        static Location of(ChunkRow row) {
            return new Location(
                    row.sequence(),
                    row.rawFrom(),
                    row.rawTo(),
                    row.segment(),
                    row.offset(),
                    row.length(),
                    row.crc32c(),
                    row.plainSize(),
                    row.lines());
        }

        ChunkRow at(Place place) {
            return new ChunkRow(
                    place.step(),
                    place.index(),
                    sequence,
                    rawFrom,
                    rawTo,
                    segment,
                    offset,
                    length,
                    crc32c,
                    plainSize,
                    lines);
        }
    }

    static final Codec<Location> LOCATION =
            new Codec<>() {
                @Override
                public byte[] encode(Location row) {
                    return ByteBuffer.allocate(53)
                            .put(VERSION)
                            .putLong(row.sequence())
                            .putLong(row.rawFrom())
                            .putLong(row.rawTo())
                            .putInt(row.segment())
                            .putLong(row.offset())
                            .putInt(row.length())
                            .putInt(row.crc32c())
                            .putInt(row.plainSize())
                            .putInt(row.lines())
                            .array();
                }

                @Override
                public Location decode(byte[] bytes) {
                    ByteBuffer in = begin(bytes);
                    return new Location(
                            in.getLong(),
                            in.getLong(),
                            in.getLong(),
                            in.getInt(),
                            in.getLong(),
                            in.getInt(),
                            in.getInt(),
                            in.getInt(),
                            in.getInt());
                }
            };

    static final Codec<StepLog> STEP_LOG =
            new Codec<>() {
                @Override
                public byte[] encode(StepLog row) {
                    byte[] cause = row.incompleteCause().getBytes(StandardCharsets.UTF_8);
                    return ByteBuffer.allocate(34 + cause.length)
                            .put(VERSION)
                            .putLong(row.nextIndex())
                            .putLong(row.rawEnd())
                            .putLong(row.lines())
                            .putLong(row.storedBytes())
                            .put((byte) (row.closed() ? 1 : 0))
                            .put(cause)
                            .array();
                }

                @Override
                public StepLog decode(byte[] bytes) {
                    ByteBuffer in = begin(bytes);
                    long nextIndex = in.getLong();
                    long rawEnd = in.getLong();
                    long lines = in.getLong();
                    long stored = in.getLong();
                    boolean closed = in.get() == 1;
                    byte[] cause = new byte[in.remaining()];
                    in.get(cause);
                    return new StepLog(
                            nextIndex,
                            rawEnd,
                            lines,
                            stored,
                            closed,
                            new String(cause, StandardCharsets.UTF_8));
                }
            };

    static final Codec<Place> PLACE =
            new Codec<>() {
                @Override
                public byte[] encode(Place row) {
                    StepKey step = row.step();
                    return ByteBuffer.allocate(29)
                            .put(VERSION)
                            .putLong(step.run())
                            .putInt(step.attempt().job().job())
                            .putInt(step.attempt().number())
                            .putInt(step.step())
                            .putLong(row.index())
                            .array();
                }

                @Override
                public Place decode(byte[] bytes) {
                    ByteBuffer in = begin(bytes);
                    var attempt = new JobId(in.getLong(), in.getInt()).attempt(in.getInt());
                    return new Place(new StepKey(attempt, in.getInt()), in.getLong());
                }
            };

    static final Codec<SegmentRow> SEGMENT =
            new Codec<>() {
                @Override
                public byte[] encode(SegmentRow row) {
                    return ByteBuffer.allocate(25)
                            .put(VERSION)
                            .putLong(row.indexedTo())
                            .putLong(row.live())
                            .putLong(row.lastSequence())
                            .array();
                }

                @Override
                public SegmentRow decode(byte[] bytes) {
                    ByteBuffer in = begin(bytes);
                    return new SegmentRow(in.getLong(), in.getLong(), in.getLong());
                }
            };

    private static ByteBuffer begin(byte[] bytes) {
        var in = ByteBuffer.wrap(bytes);
        byte version = in.get();
        if (version != VERSION) {
            throw new IllegalArgumentException("the row has version " + version);
        }
        return in;
    }
}
