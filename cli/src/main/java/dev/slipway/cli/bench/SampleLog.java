package dev.slipway.cli.bench;

import com.github.luben.zstd.Zstd;
import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;

import dev.slipway.agent.v1.SendLogRequest;
import dev.slipway.agent.v1.Token;
import dev.slipway.wire.LogLine;
import dev.slipway.wire.LogLines;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.zip.CRC32C;

/// Output that looks like a build's: one chunk, made once, sent as often as needed.
final class SampleLog {
    private static final int CHUNK = 256 * 1024;

    private final ByteString data;
    private final int crc;
    private final int plainSize;
    private final int lines;
    private final long rawSize;

    SampleLog(Instant at) {
        var writer = new LogLines.Writer(CHUNK + 1024);
        long raw = 0;
        for (int i = 0; raw < CHUNK; i++) {
            byte[] line =
                    "[%05d] compiling module_%d/src/part_%x.c with -O2 -Wall -o build/part_%x.o"
                            .formatted(i, i % 37, i * 7919, i * 104_729)
                            .getBytes(StandardCharsets.UTF_8);
            writer.add(at.plusMillis(i), LogLine.Kind.values()[0], line, 0, line.length);
            raw += line.length + 1;
        }
        lines = writer.lines();
        rawSize = raw;
        byte[] plain = writer.take();
        plainSize = plain.length;
        byte[] packed = Zstd.compress(plain, 1);
        var checksum = new CRC32C();
        checksum.update(packed);
        crc = (int) checksum.getValue();
        data = UnsafeByteOperations.unsafeWrap(packed);
    }

    /// How many chunks make up about so many bytes; at least one.
    long chunks(long bytes) {
        return Math.max(1, (bytes + rawSize - 1) / rawSize);
    }

    long rawSize() {
        return rawSize;
    }

    /// The chunk at `index` of a step's log.
    SendLogRequest chunk(String agentId, Token token, long index, boolean last) {
        return SendLogRequest.newBuilder()
                .setAgentId(agentId)
                .setToken(token)
                .setStep(0)
                .setIndex(index)
                .setRawFrom(index * rawSize)
                .setRawTo((index + 1) * rawSize)
                .setData(data)
                .setCrc32C(crc)
                .setPlainSize(plainSize)
                .setLines(lines)
                .setLast(last)
                .build();
    }
}
