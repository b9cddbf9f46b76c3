package dev.slipway.coordinator.model;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// Immutable bytes with value equality.
public final class Bytes {
    public static final Bytes EMPTY = new Bytes(new byte[0]);

    private final byte[] content;
    private final int hash;

    private Bytes(byte[] content) {
        this.content = content;
        this.hash = Arrays.hashCode(content);
    }

    public static Bytes copyOf(byte[] content) {
        return content.length == 0 ? EMPTY : new Bytes(content.clone());
    }

    /// The UTF-8 bytes of a text.
    public static Bytes utf8(String text) {
        return new Bytes(text.getBytes(StandardCharsets.UTF_8));
    }

    public int size() {
        return content.length;
    }

    public byte[] toArray() {
        return content.clone();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Bytes that
                && hash == that.hash
                && Arrays.equals(content, that.content);
    }

    @Override
    public int hashCode() {
        return hash;
    }

    /// Only the size: the content may be secret.
    @Override
    public String toString() {
        return content.length + " bytes";
    }
}
