package dev.slipway.cli.client;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.time.Instant;

/// One line of a log.
///
/// @param bytes the masked line without its end; mostly UTF-8, but a process may print anything
/// @param gap stands for lost output; the text says why
/// @param meta Slipway wrote it, not the process
public record LogText(
        int job,
        int attempt,
        int step,
        @Nullable Instant at,
        byte[] bytes,
        boolean gap,
        boolean meta) {
    public String text() {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
