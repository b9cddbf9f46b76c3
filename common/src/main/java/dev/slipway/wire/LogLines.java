package dev.slipway.wire;

import dev.slipway.wire.LogLine.Kind;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// The plain form of a log chunk: lines one after the other, each as `kind (1 byte) · varint µs
/// since the line before (zig-zag; since the epoch for the first) · varint length · text`.
public final class LogLines {
    private static final Kind[] KINDS = Kind.values();

    private LogLines() {}

    /// Appends lines to a buffer that becomes one chunk. One thread at a time.
    public static final class Writer {
        /// Most bytes that a line has beside its text.
        private static final int HEADER = 16;

        private byte[] out;
        private int size;
        private long lastMicros;
        private int lines;

        public Writer(int expectedSize) {
            out = new byte[Math.max(expectedSize, HEADER)];
        }

        /// Appends one line whose text is `text[from, to)`.
        public void add(Instant at, Kind kind, byte[] text, int from, int to) {
            int length = to - from;
            ensure(HEADER + length);
            out[size++] = (byte) kind.ordinal();
            long micros = micros(at);
            long delta = micros - lastMicros;
            lastMicros = micros;
            varint((delta << 1) ^ (delta >> 63));
            varint(length);
            System.arraycopy(text, from, out, size, length);
            size += length;
            lines++;
        }

        public int size() {
            return size;
        }

        public int lines() {
            return lines;
        }

        /// The bytes so far; the writer starts anew.
        public byte[] take() {
            byte[] bytes = Arrays.copyOf(out, size);
            size = 0;
            lastMicros = 0;
            lines = 0;
            return bytes;
        }

        private void ensure(int more) {
            if (more > out.length - size) {
                out = Arrays.copyOf(out, Math.max(2 * out.length, Math.addExact(size, more)));
            }
        }

        private void varint(long value) {
            long rest = value;
            while ((rest & ~0x7FL) != 0) {
                out[size++] = (byte) ((rest & 0x7F) | 0x80);
                rest >>>= 7;
            }
            out[size++] = (byte) rest;
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
            byte[] taken = Arrays.copyOfRange(bytes, at, at + (int) length);
            at += (int) length;
            return taken;
        }
    }
}
