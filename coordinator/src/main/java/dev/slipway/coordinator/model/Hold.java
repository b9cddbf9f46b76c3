package dev.slipway.coordinator.model;

/// What holds a BLOCKED job back. The numbers are stored and never change.
public enum Hold {
    /// Its concurrency group is taken.
    CONCURRENCY(1),
    /// As many legs as `max-parallel` allows are running.
    MAX_PARALLEL(2),
    /// Its environment's protection has not let it through.
    ENVIRONMENT(3),
    /// The run waits for the workflow's concurrency group.
    RUN(4),
    /// It finishes deployments that an earlier attempt left in flight, but not yet.
    RECOVERY(5);

    private final int number;

    Hold(int number) {
        this.number = number;
    }

    public int number() {
        return number;
    }

    /// @throws IllegalArgumentException for a number that no hold has
    public static Hold of(int number) {
        for (Hold hold : values()) {
            if (hold.number == number) {
                return hold;
            }
        }
        throw new IllegalArgumentException("no hold has the number " + number);
    }
}
