package dev.slipway.coordinator.model;

/// What an attempt is for. The numbers are stored and never change.
public enum AttemptReason {
    FIRST(1),
    /// The farm tries again after an infrastructure cause.
    RETRY(2),
    /// Somebody asked for it.
    RERUN(3),
    /// It finishes deployments that an earlier attempt left in flight, and nothing else.
    RECOVERY(4);

    private final int number;

    AttemptReason(int number) {
        this.number = number;
    }

    public int number() {
        return number;
    }

    /// @throws IllegalArgumentException for a number that no reason has
    public static AttemptReason of(int number) {
        for (AttemptReason reason : values()) {
            if (reason.number == number) {
                return reason;
            }
        }
        throw new IllegalArgumentException("no attempt reason has the number " + number);
    }
}
