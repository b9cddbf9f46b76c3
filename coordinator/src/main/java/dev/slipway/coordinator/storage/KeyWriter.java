package dev.slipway.coordinator.storage;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;

/// Builds keys part by part; their bytes sort as the parts do. A key of fewer parts is a prefix of
/// every key that begins with these parts, which is what scans are made of.
public final class KeyWriter {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream(32);

    /// A whole number, smallest first.
    public KeyWriter number(long value) {
        long sortable = value ^ Long.MIN_VALUE;
        for (int shift = 56; shift >= 0; shift -= 8) {
            out.write((int) (sortable >>> shift));
        }
        return this;
    }

    /// A whole number, greatest first.
    public KeyWriter descending(long value) {
        return number(~value);
    }

    /// A text, by its UTF-8 bytes; one that is a prefix of another comes first.
    public KeyWriter text(String value) {
        for (byte b : value.getBytes(UTF_8)) {
            out.write(b);
            if (b == 0) {
                out.write(0xFF);
            }
        }
        out.write(0);
        out.write(1);
        return this;
    }

    public byte[] bytes() {
        return out.toByteArray();
    }
}
