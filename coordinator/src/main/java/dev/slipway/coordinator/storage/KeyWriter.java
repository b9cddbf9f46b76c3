package dev.slipway.coordinator.storage;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/// Writes the parts of a key so that the unsigned order of the bytes is the order of the parts.
public final class KeyWriter {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream(32);

    /// A number from 0.
    public KeyWriter number(long value) {
        if (value < 0) {
            throw new IllegalArgumentException("keys hold no negative numbers: " + value);
        }
        return raw(value);
    }

    /// A number from 0 that sorts backwards: the highest first.
    public KeyWriter descending(long value) {
        return number(Long.MAX_VALUE - value);
    }

    /// An int from 0.
    public KeyWriter small(int value) {
        if (value < 0) {
            throw new IllegalArgumentException("keys hold no negative numbers: " + value);
        }
        for (int shift = 24; shift >= 0; shift -= 8) {
            bytes.write(value >>> shift);
        }
        return this;
    }

    /// A text; shorter texts sort before longer ones that begin with them.
    public KeyWriter text(String value) {
        for (byte b : value.getBytes(StandardCharsets.UTF_8)) {
            bytes.write(b);
            if (b == 0) {
                bytes.write(0xff);
            }
        }
        bytes.write(0);
        bytes.write(0);
        return this;
    }

    public byte[] toKey() {
        return bytes.toByteArray();
    }

    /// The first key behind all keys that begin with `prefix`.
    ///
    /// @throws IllegalArgumentException when there is none: the prefix is empty or all 0xff
    public static byte[] after(byte[] prefix) {
        byte[] next = prefix.clone();
        for (int i = next.length - 1; i >= 0; i--) {
            if (next[i] != (byte) 0xff) {
                next[i]++;
                return java.util.Arrays.copyOf(next, i + 1);
            }
        }
        throw new IllegalArgumentException("no key sorts behind this prefix");
    }

    private KeyWriter raw(long value) {
        for (int shift = 56; shift >= 0; shift -= 8) {
            bytes.write((int) (value >>> shift));
        }
        return this;
    }
}
