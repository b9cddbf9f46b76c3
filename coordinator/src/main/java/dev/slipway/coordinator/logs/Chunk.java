package dev.slipway.coordinator.logs;

import java.nio.ByteBuffer;

/// A piece of a step's log as the agent sends it; stored as it comes.
///
/// @param index position in the step's log, from 0 without holes
/// @param rawFrom first byte of raw output that this chunk stands for
/// @param rawTo one past the last byte; equal to `rawFrom` for lines that Slipway wrote
/// @param data zstd of lines as `LogLines` writes them; read, never changed
/// @param crc32c CRC-32C of `data`
/// @param plainSize length of `data` when decompressed
/// @param lines number of lines in `data`
/// @param gapCause not empty when the output is lost and `data` holds a marker instead
/// @param last whether the step's log ends with this chunk
public record Chunk(
        StepKey step,
        long index,
        long rawFrom,
        long rawTo,
        ByteBuffer data,
        int crc32c,
        int plainSize,
        int lines,
        String gapCause,
        boolean last) {
    /// The most that a chunk may hold, decompressed and compressed.
    public static final int MAX_PLAIN_SIZE = 8 << 20;

    public static final int MAX_DATA_SIZE = 3 << 20;

    public boolean gap() {
        return !gapCause.isEmpty();
    }
}
