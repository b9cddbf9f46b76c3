package dev.slipway.coordinator.storage;

import org.jspecify.annotations.Nullable;

import java.time.Instant;

/// Times as they are stored: milliseconds since 1970, 0 for none.
public final class Millis {
    private Millis() {}

    public static long of(@Nullable Instant time) {
        return time == null ? 0 : time.toEpochMilli();
    }

    public static Instant at(long millis) {
        return Instant.ofEpochMilli(millis);
    }

    public static @Nullable Instant orNull(long millis) {
        return millis == 0 ? null : Instant.ofEpochMilli(millis);
    }
}
