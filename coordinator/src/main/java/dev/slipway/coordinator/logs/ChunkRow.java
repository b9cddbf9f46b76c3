package dev.slipway.coordinator.logs;

/// Where a chunk lies.
///
/// @param sequence rises with every chunk that the store takes, over all runs
/// @param segment the file's number
/// @param offset of the chunk's data in that file
/// @param length of the data
public record ChunkRow(
        StepKey step,
        long index,
        long sequence,
        long rawFrom,
        long rawTo,
        int segment,
        long offset,
        int length,
        int crc32c,
        int plainSize,
        int lines) {}
