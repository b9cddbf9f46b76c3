package dev.slipway.coordinator.model;

import java.time.Instant;

/// How an attempt ended.
///
/// @param conclusion how
/// @param cause why
/// @param detail the cause in words; may be empty
/// @param at when, by the agent's clock if it said so
/// @param logIncomplete why its log is closed although output is missing; empty when it is whole
/// @param outputPosition position of the output log that this end vouches for; 0 standalone
public record AttemptEnd(
        Conclusion conclusion,
        Cause cause,
        String detail,
        Instant at,
        String logIncomplete,
        long outputPosition) {
    /// The same end for another cause.
    public AttemptEnd because(Cause why) {
        return new AttemptEnd(conclusion, why, detail, at, logIncomplete, outputPosition);
    }
}
