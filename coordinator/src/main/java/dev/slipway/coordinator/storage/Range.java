package dev.slipway.coordinator.storage;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// A range of encoded keys: from `from` (inclusive) to `to` (exclusive; null means the end).
public record Range(byte[] from, byte @Nullable [] to) {
    public static final Range ALL = new Range(new byte[0], null);

    /// All keys that begin with these parts.
    public static Range of(KeyWriter prefix) {
        byte[] from = prefix.bytes();
        return new Range(from, after(from));
    }

    /// Keys of this range that are greater than `key`, for paging forwards.
    public Range after(KeyWriter key) {
        byte[] bytes = key.bytes();
        return new Range(Arrays.copyOf(bytes, bytes.length + 1), to);
    }

    /// The smallest key that does not begin with `prefix`, or null when there is none.
    private static byte @Nullable [] after(byte[] prefix) {
        for (int last = prefix.length - 1; last >= 0; last--) {
            if (prefix[last] != (byte) 0xFF) {
                byte[] next = Arrays.copyOf(prefix, last + 1);
                next[last]++;
                return next;
            }
        }
        return null;
    }
}
