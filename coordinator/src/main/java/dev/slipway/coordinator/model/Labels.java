package dev.slipway.coordinator.model;

import java.util.List;
import java.util.Locale;

/// Labels as they are compared: lower-case, sorted, each once.
public final class Labels {
    private Labels() {}

    public static List<String> normal(List<String> labels) {
        return labels.stream()
                .map(label -> label.strip().toLowerCase(Locale.ROOT))
                .distinct()
                .sorted()
                .toList();
    }
}
