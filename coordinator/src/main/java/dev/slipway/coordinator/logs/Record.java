package dev.slipway.coordinator.logs;

import dev.slipway.id.JobId;

import org.jspecify.annotations.Nullable;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32C;

/// One record of a segment: a fixed head, a header that says whose chunk it is, and the chunk's
/// data as it came.
///
/// ```
/// magic 4 · header length 4 · data length 4 · CRC-32C of header 4 · header · data
/// ```
///
/// @param sequence the store's count of chunks
/// @param length of the whole record
record Record(Chunk chunk, long sequence, int length) {
    static final int HEAD = 16;
    private static final int MAGIC = 0x534C4731;
    private static final int FIXED_HEADER = 8 + 4 + 4 + 4 + 8 + 8 + 8 + 8 + 4 + 4 + 4 + 1;
    private static final int MAX_CAUSE = 500;

    /// Head and header of the record that will hold `chunk`; its data follows.
    static ByteBuffer begin(Chunk chunk, long sequence) {
        byte[] cause = chunk.gapCause().getBytes(StandardCharsets.UTF_8);
        int causeLength = Math.min(cause.length, MAX_CAUSE);
        var header = ByteBuffer.allocate(HEAD + FIXED_HEADER + causeLength);
        header.position(HEAD);
        StepKey step = chunk.step();
        header.putLong(step.run());
        header.putInt(step.attempt().job().job()).putInt(step.attempt().number());
        header.putInt(step.step());
        header.putLong(chunk.index()).putLong(sequence);
        header.putLong(chunk.rawFrom()).putLong(chunk.rawTo());
        header.putInt(chunk.crc32c()).putInt(chunk.plainSize()).putInt(chunk.lines());
        header.put((byte) (chunk.last() ? 1 : 0));
        header.put(cause, 0, causeLength);
        int crc = crc(header.array(), HEAD, header.position() - HEAD);
        header.flip();
        header.putInt(0, MAGIC).putInt(4, header.limit() - HEAD);
        header.putInt(8, chunk.data().remaining()).putInt(12, crc);
        return header;
    }

    /// How many bytes the rest of a record with this head takes, or -1 when it is no head.
    static int restLength(ByteBuffer head) {
        if (head.getInt(0) != MAGIC) {
            return -1;
        }
        int header = head.getInt(4);
        int data = head.getInt(8);
        boolean possible =
                header >= FIXED_HEADER
                        && header <= FIXED_HEADER + MAX_CAUSE
                        && data >= 0
                        && data <= Chunk.MAX_DATA_SIZE;
        return possible ? header + data : -1;
    }

    /// The record with this head and rest, or null when a byte of it is wrong.
    static @Nullable Record read(ByteBuffer head, byte[] rest) {
        int headerLength = head.getInt(4);
        if (crc(rest, 0, headerLength) != head.getInt(12)) {
            return null;
        }
        try {
            Record read = parse(rest, headerLength);
            int actual = crc(rest, headerLength, rest.length - headerLength);
            return actual == read.chunk.crc32c() ? read : null;
        } catch (BufferUnderflowException | IllegalArgumentException wrong) {
            return null;
        }
    }

    private static Record parse(byte[] rest, int headerLength) {
        var in = ByteBuffer.wrap(rest, 0, headerLength);
        var attempt = new JobId(in.getLong(), in.getInt()).attempt(in.getInt());
        var step = new StepKey(attempt, in.getInt());
        long index = in.getLong();
        long sequence = in.getLong();
        long rawFrom = in.getLong();
        long rawTo = in.getLong();
        int crc = in.getInt();
        int plainSize = in.getInt();
        int lines = in.getInt();
        boolean last = in.get() == 1;
        byte[] cause = new byte[in.remaining()];
        in.get(cause);
        var data = ByteBuffer.wrap(rest, headerLength, rest.length - headerLength).slice();
        var gap = new String(cause, StandardCharsets.UTF_8);
        var chunk = new Chunk(step, index, rawFrom, rawTo, data, crc, plainSize, lines, gap, last);
        return new Record(chunk, sequence, HEAD + rest.length);
    }

    /// The row that finds this record's data when the record begins at `offset`.
    ChunkRow row(int segment, long offset) {
        int data = chunk.data().remaining();
        return new ChunkRow(
                chunk.step(),
                chunk.index(),
                sequence,
                chunk.rawFrom(),
                chunk.rawTo(),
                segment,
                offset + length - data,
                data,
                chunk.crc32c(),
                chunk.plainSize(),
                chunk.lines());
    }

    static int crc(byte[] bytes, int from, int length) {
        var crc = new CRC32C();
        crc.update(bytes, from, length);
        return (int) crc.getValue();
    }

    static int crc(ByteBuffer data) {
        var crc = new CRC32C();
        crc.update(data.duplicate());
        return (int) crc.getValue();
    }
}
