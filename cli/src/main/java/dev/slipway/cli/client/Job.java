package dev.slipway.cli.client;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.List;
import java.util.Map;

/// One job of a run; one leg of a matrix is a job of its own.
///
/// @param ordinal from 1, in plan order
/// @param key the planning key, `test#2` for a matrix leg
/// @param message why it waits, was skipped, or failed before it ran
/// @param matrixJson the matrix values as a JSON object; empty without a matrix
public record Job(
        long run,
        int ordinal,
        String key,
        String name,
        List<String> needs,
        List<String> runsOn,
        Status status,
        @Nullable Conclusion conclusion,
        @Nullable Instant queuedAt,
        @Nullable Instant startedAt,
        @Nullable Instant finishedAt,
        String environment,
        String environmentUrl,
        Map<String, String> outputs,
        String message,
        String matrixJson,
        List<Attempt> attempts) {
    /// The newest attempt, if there has been one.
    public @Nullable Attempt latest() {
        return attempts.isEmpty() ? null : attempts.getLast();
    }

    public boolean isFinished() {
        return status == Status.FINISHED;
    }
}
