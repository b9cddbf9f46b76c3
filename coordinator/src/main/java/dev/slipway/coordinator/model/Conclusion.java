package dev.slipway.coordinator.model;

/// How a run, a job, an attempt or a step ended. The numbers are stored and equal those of
/// `slipway.api.v1.Conclusion`; they never change.
public enum Conclusion {
    SUCCESS(1, "success"),
    FAILURE(2, "failure"),
    CANCELLED(3, "cancelled"),
    SKIPPED(4, "skipped"),
    /// Its `timeout-minutes` went by; what needs it sees a failure.
    TIMED_OUT(5, "failure");

    private final int number;
    private final String result;

    Conclusion(int number, String result) {
        this.number = number;
        this.result = result;
    }

    public int number() {
        return number;
    }

    /// The word that `needs.<job>.result` shows.
    public String result() {
        return result;
    }

    /// True for what a rerun of failed jobs runs again.
    public boolean isBad() {
        return this == FAILURE || this == CANCELLED || this == TIMED_OUT;
    }

    /// @throws IllegalArgumentException for a number that no conclusion has
    public static Conclusion of(int number) {
        for (Conclusion conclusion : values()) {
            if (conclusion.number == number) {
                return conclusion;
            }
        }
        throw new IllegalArgumentException("no conclusion has the number " + number);
    }
}
