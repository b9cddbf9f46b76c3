package dev.slipway.coordinator.model;

/// Where a run, a job, an attempt or a step is.
///
/// ```
/// job:      WAITING -> BLOCKED -> QUEUED -> LEASED -> RUNNING -> FINISHED
///              |          |         |  ^------'----------'  (retry: back to QUEUED)
///              '----------'---------'---------------------------------^ (skipped, cancelled)
/// attempt:  LEASED -> RUNNING -> FINISHED
/// step:     RUNNING -> FINISHED
/// run:      BLOCKED -> QUEUED -> RUNNING -> FINISHED ; a rerun takes a run back to QUEUED
/// ```
///
/// The numbers are stored and equal those of `slipway.api.v1.Status`; they never change.
public enum Status {
    /// A job that waits for the jobs it needs.
    WAITING(1),
    /// Held back by a concurrency group, `max-parallel` or an environment.
    BLOCKED(2),
    /// Ready; waits for an agent.
    QUEUED(3),
    /// Given to an agent that has not started it yet.
    LEASED(4),
    RUNNING(5),
    /// Has ended and has a conclusion.
    FINISHED(6);

    private final int number;

    Status(int number) {
        this.number = number;
    }

    public int number() {
        return number;
    }

    /// True once an agent holds it: {@link #LEASED} or {@link #RUNNING}.
    public boolean onAgent() {
        return this == LEASED || this == RUNNING;
    }

    /// @throws IllegalArgumentException for a number that no status has
    public static Status of(int number) {
        for (Status status : values()) {
            if (status.number == number) {
                return status;
            }
        }
        throw new IllegalArgumentException("no status has the number " + number);
    }
}
