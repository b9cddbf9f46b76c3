package dev.slipway.agent.output;

import com.github.luben.zstd.ZstdCompressCtx;

import dev.slipway.wire.LogLine.Kind;
import dev.slipway.wire.LogLines;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.zip.CRC32C;

/// Collects lines and compresses them into chunks. One thread at a time.
final class ChunkBuilder implements AutoCloseable {
    /// Lines of this size make a chunk; the next line may still be long.
    static final int FULL = 256 * 1024;

    private final LogLines.Writer lines = new LogLines.Writer(FULL + FULL / 4);
    private final ZstdCompressCtx zstd = new ZstdCompressCtx().setLevel(1);

    void add(Instant at, Kind kind, byte[] bytes, int from, int to) {
        lines.add(at, kind, bytes, from, to);
    }

    void add(Instant at, Kind kind, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        lines.add(at, kind, bytes, 0, bytes.length);
    }

    boolean isEmpty() {
        return lines.lines() == 0;
    }

    boolean isFull() {
        return lines.size() >= FULL;
    }

    /// What was added since the last time.
    LogChunk.Body take(String gapCause) {
        int count = lines.lines();
        byte[] plain = lines.take();
        byte[] data = zstd.compress(plain);
        var crc = new CRC32C();
        crc.update(data, 0, data.length);
        return new LogChunk.Body(data, (int) crc.getValue(), plain.length, count, gapCause);
    }

    @Override
    public void close() {
        zstd.close();
    }
}
