package dev.slipway.cli.client;

import org.jspecify.annotations.Nullable;

import java.time.Instant;

/// One step of an attempt, `Set up job` and `Complete job` included.
///
/// @param number from 0, in the order in which they started
/// @param id the workflow's own id; empty when it has none
/// @param conclusion after continue-on-error
/// @param outcome before continue-on-error
public record Step(
        int number,
        String name,
        String id,
        Status status,
        @Nullable Conclusion conclusion,
        @Nullable Conclusion outcome,
        @Nullable Instant startedAt,
        @Nullable Instant finishedAt,
        long logBytes) {
    public boolean isFinished() {
        return status == Status.FINISHED;
    }
}
