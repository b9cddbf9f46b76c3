package dev.slipway.agent.runner;

/// How a step or a job ended, in GitHub's words.
public enum Conclusion {
    SUCCESS,
    FAILURE,
    CANCELLED,
    SKIPPED,
    /// Jobs only: the job's `timeout-minutes` went by.
    TIMED_OUT;

    /// The word in contexts: `success`.
    public String word() {
        return this == TIMED_OUT ? "failure" : name().toLowerCase(java.util.Locale.ROOT);
    }
}
