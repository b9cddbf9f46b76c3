package dev.slipway.coordinator.storage;

import dev.slipway.coordinator.model.RunRecords;
import dev.slipway.coordinator.model.RunSpec;
import dev.slipway.error.ErrorCode;
import dev.slipway.error.SlipwayException;
import dev.slipway.id.AttemptId;

import java.util.Optional;

/// Runs as recorded: unfinished and finished ones alike, always as of one durable position. Reads
/// block on the disk at most; any thread may call.
public interface RunStore {
    /// The position of the latest batch that the tables hold.
    long position();

    /// A run with its jobs and attempts, and the position that this reflects.
    Optional<Recorded> run(long number);

    /// What was submitted.
    Optional<RunSpec> spec(long number);

    AttemptFindings findings(AttemptId attempt);

    /// Runs by filter, newest first. Costs what it returns, not what there is.
    ///
    /// @param size 1 to 500
    /// @param next of the page before; 0 for the first page
    RunPage list(RunFilter filter, int size, long next);

    /// For people who ask for a run that is not there.
    static SlipwayException noRun(long run) {
        return new SlipwayException(
                ErrorCode.RUN_NOT_FOUND,
                "There is no run %d (or retention has removed it). List them with: slipway runs"
                        .formatted(run));
    }

    /// @param records as of `position`
    record Recorded(RunRecords records, long position) {}
}
