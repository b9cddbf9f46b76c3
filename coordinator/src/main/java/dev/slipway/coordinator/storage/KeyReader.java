package dev.slipway.coordinator.storage;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;

/// Reads the parts that {@link KeyWriter} wrote, in the same order.
public final class KeyReader {
    private final byte[] bytes;
    private int at;

    public KeyReader(byte[] bytes) {
        this.bytes = bytes;
    }

    public long number() {
        long value = 0;
        for (int i = 0; i < 8; i++) {
            value = value << 8 | next();
        }
        return value ^ Long.MIN_VALUE;
    }

    public long descending() {
        return ~number();
    }

    public String text() {
        var text = new ByteArrayOutputStream();
        while (true) {
            int b = next();
            if (b != 0) {
                text.write(b);
            } else if (next() == 0xFF) {
                text.write(0);
            } else {
                return text.toString(UTF_8);
            }
        }
    }

    private int next() {
        if (at >= bytes.length) {
            throw new IllegalArgumentException("a stored key of %d bytes is cut short: %s"
                    .formatted(bytes.length, java.util.HexFormat.of().formatHex(bytes)));
        }
        return bytes[at++] & 0xFF;
    }
}
