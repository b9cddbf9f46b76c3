package dev.slipway.coordinator.logs;

import dev.slipway.id.AttemptId;

import java.time.Instant;
import java.time.temporal.ChronoUnit;

/// What a log store can be ordered to do. The same orders in the same sequence make the same logs,
/// wherever they are carried out and however often one is repeated.
public sealed interface LogOrder {
    /// Appends a chunk, unless it is there already or would leave a hole.
    record Append(Chunk chunk) implements LogOrder {}

    /// Ends the logs of an attempt that have not ended, saying why output is missing.
    ///
    /// @param at when, in whole milliseconds, as it is written down
    record Close(AttemptId attempt, String cause, Instant at) implements LogOrder {
        public Close {
            at = at.truncatedTo(ChronoUnit.MILLIS);
        }
    }

    /// Removes the oldest chunks of a run, and its logs once no chunk is left.
    ///
    /// @param chunks how many at most
    record Remove(long run, int chunks) implements LogOrder {}

    /// About how many bytes it takes to write it down.
    default int size() {
        return switch (this) {
            case Append(Chunk chunk) -> 128 + chunk.gapCause().length() + chunk.data().remaining();
            case Close close -> 64 + close.cause().length() * 3;
            case Remove _ -> 32;
        };
    }
}
