package dev.slipway.coordinator.storage;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/// Reads the parts of a key in the order in which {@link KeyWriter} wrote them.
public final class KeyReader {
    private final byte[] key;
    private int at;

    public KeyReader(byte[] key) {
        this.key = key;
    }

    public long number() {
        long value = 0;
        for (int i = 0; i < 8; i++) {
            value = value << 8 | next();
        }
        return value;
    }

    public long descending() {
        return Long.MAX_VALUE - number();
    }

    public int small() {
        int value = 0;
        for (int i = 0; i < 4; i++) {
            value = value << 8 | next();
        }
        return value;
    }

    public String text() {
        var bytes = new ByteArrayOutputStream();
        while (true) {
            int b = next();
            if (b == 0 && next() == 0) {
                return bytes.toString(StandardCharsets.UTF_8);
            }
            bytes.write(b);
        }
    }

    private int next() {
        if (at == key.length) {
            throw new IllegalArgumentException("a key of %d bytes is too short".formatted(at));
        }
        return key[at++] & 0xff;
    }
}
