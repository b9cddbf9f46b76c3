package dev.slipway.workflow;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// What a job may do with caches (`cache-mode`). The job's word wins over the workflow's.
public enum CacheMode {
    READ,
    WRITE,
    WRITE_ONLY,
    NONE;

    /// The word in the file: `write-only`.
    public String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /// All words, in the order of the documentation.
    public static List<String> labels() {
        return Arrays.stream(values()).map(CacheMode::label).toList();
    }

    static Optional<CacheMode> ofLabel(String label) {
        return Arrays.stream(values()).filter(mode -> mode.label().equals(label)).findFirst();
    }
}
