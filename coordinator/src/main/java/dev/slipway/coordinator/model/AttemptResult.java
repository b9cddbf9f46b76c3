package dev.slipway.coordinator.model;

import java.util.SortedMap;

/// The end of an attempt as the agent reports it.
///
/// @param end how it ended; `logIncomplete` is empty exactly when the coordinator's log holds all
///   output up to the reported end of every step
/// @param outputs job outputs; those with secrets are already dropped
/// @param environmentUrl as evaluated after the steps; may be empty
public record AttemptResult(
        AttemptEnd end, SortedMap<String, String> outputs, String environmentUrl) {
    public AttemptResult {
        outputs = RunSpec.sorted(outputs);
    }
}
