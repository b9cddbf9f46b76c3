package dev.slipway.wire;

import dev.slipway.wire.LogLine.Kind;

import java.io.ByteArrayOutputStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/// The plain form of a log chunk: lines one after the other, each as `kind (1 byte) · varint µs
/// since the line before (zig-zag; since the epoch for the first) · varint length · text`.
public final class LogLines {
    private static final Kind[] KINDS = Kind.values();

    private LogLines() {}

    /// Appends lines to a buffer that becomes one chunk.
    public static final class Writer {
        private final ByteArrayOutputStream out;
        private long lastMicros;
        private int lines;

        public Writer(int expectedSize) {
            out = new ByteArrayOutputStream(expectedSize);
        }

        /// Appends one line whose text is `text[from, to)`.
        public void add(Instant at, Kind kind, byte[] text, int from, int to) {
            long micros = micros(at);
            out.write(kind.ordinal());
            long delta = micros - lastMicros;
            varint((delta << 1) ^ (delta >> 63));
            lastMicros = micros;
            varint(to - from);
            out.write(text, from, to - from);
            lines++;
        }

        public int size() {
            return out.size();
        }

        public int lines() {
            return lines;
        }

        /// The bytes so far; the writer starts anew.
        public byte[] take() {
            byte[] bytes = out.toByteArray();
            out.reset();
            lastMicros = 0;
            lines = 0;
            return bytes;
        }

        private void varint(long value) {
            long rest = value;
            while ((rest & ~0x7FL) != 0) {
                out.write((int) (rest & 0x7F) | 0x80);
                rest >>>= 7;
            }
            out.write((int) rest);
        }
    }

    /// Reads a whole chunk.
    ///
    /// @throws IllegalArgumentException when the bytes are not such a chunk
    public static List<LogLine> decode(byte[] chunk) {
        var lines = new ArrayList<LogLine>();
        var reader = new Reader(chunk);
        long micros = 0;
        while (reader.more()) {
            int kind = reader.next();
            if (kind >= KINDS.length) {
                throw new IllegalArgumentException("unknown kind of log line: " + kind);
            }
            long zigzag = reader.varint();
            micros += (zigzag >>> 1) ^ -(zigzag & 1);
            byte[] text = reader.bytes(reader.varint());
            lines.add(new LogLine(instant(micros), KINDS[kind], text));
        }
        return lines;
    }

    private static long micros(Instant at) {
        return Math.addExact(
                Math.multiplyExact(at.getEpochSecond(), 1_000_000L), at.getNano() / 1_000);
    }

    private static Instant instant(long micros) {
        return Instant.ofEpochSecond(
                Math.floorDiv(micros, 1_000_000L), Math.floorMod(micros, 1_000_000L) * 1_000L);
    }

    private static final class Reader {
        private final byte[] bytes;
        private int at;

        Reader(byte[] bytes) {
            this.bytes = bytes;
        }

        boolean more() {
            return at < bytes.length;
        }

        int next() {
            if (at >= bytes.length) {
                throw new IllegalArgumentException("a log chunk ends within a line");
            }
            return bytes[at++] & 0xFF;
        }

        long varint() {
            long value = 0;
            for (int shift = 0; shift < 64; shift += 7) {
                int b = next();
                value |= (long) (b & 0x7F) << shift;
                if (b < 0x80) {
                    return value;
                }
            }
            throw new IllegalArgumentException("a number in a log chunk is too long");
        }

        byte[] bytes(long length) {
            if (length < 0 || length > bytes.length - at) {
                throw new IllegalArgumentException("a log chunk ends within a line");
            }
            byte[] taken = java.util.Arrays.copyOfRange(bytes, at, at + (int) length);
            at += (int) length;
            return taken;
        }
    }
}
