package dev.slipway.coordinator.model;

/// Why an attempt ended. The numbers are stored and equal those of `slipway.api.v1.Cause`; they
/// never change.
public enum Cause {
    SUCCESS(1),
    /// A step of the workflow failed.
    USER_FAILURE(2),
    /// The job's `timeout-minutes` went by.
    TIMEOUT(3),
    CANCELLED(4),
    /// The lease ended without word from the agent.
    AGENT_LOST(5),
    /// Disk, process supervision, a missing program of the agent: not the workflow's fault.
    INFRASTRUCTURE(6),
    /// Refused by a rule of the farm.
    POLICY(7);

    private final int number;

    Cause(int number) {
        this.number = number;
    }

    public int number() {
        return number;
    }

    /// True when the farm may try again by itself, elsewhere first: the workflow is not to blame.
    public boolean retryable() {
        return this == AGENT_LOST || this == INFRASTRUCTURE;
    }

    /// @throws IllegalArgumentException for a number that no cause has
    public static Cause of(int number) {
        for (Cause cause : values()) {
            if (cause.number == number) {
                return cause;
            }
        }
        throw new IllegalArgumentException("no cause has the number " + number);
    }
}
