package dev.slipway.coordinator.logs;

/// How far the log of one step has come.
///
/// @param nextIndex the chunk that must come next
/// @param rawEnd all raw output below this is durable
/// @param lines number of lines
/// @param storedBytes bytes of compressed chunks
/// @param closed whether the step's log has ended
/// @param incompleteCause not empty when output was lost: why
public record StepLog(
        long nextIndex,
        long rawEnd,
        long lines,
        long storedBytes,
        boolean closed,
        String incompleteCause) {
    /// A log of which nothing has come.
    public static final StepLog EMPTY = new StepLog(0, 0, 0, 0, false, "");

    StepLog with(Chunk chunk) {
        return new StepLog(
                chunk.index() + 1,
                chunk.rawTo(),
                lines + chunk.lines(),
                storedBytes + chunk.data().remaining(),
                chunk.last(),
                incompleteCause.isEmpty() ? chunk.gapCause() : incompleteCause);
    }

    StepLog closedBecause(String cause) {
        return new StepLog(nextIndex, rawEnd, lines, storedBytes, true, cause);
    }
}
