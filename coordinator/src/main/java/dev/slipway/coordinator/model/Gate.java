package dev.slipway.coordinator.model;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/// How far a job has come through its environment's protection, in one run attempt.
///
/// @param approvals who approved it, in order
/// @param since when it came to the gate; null before
public record Gate(List<String> approvals, @Nullable Instant since) {
    public static final Gate NONE = new Gate(List.of(), null);

    public Gate {
        approvals = List.copyOf(approvals);
    }

    Gate approved(String by) {
        var all = new ArrayList<>(approvals);
        all.add(by);
        return new Gate(all, since);
    }

    Gate reached(Instant at) {
        return since == null ? new Gate(approvals, at) : this;
    }
}
