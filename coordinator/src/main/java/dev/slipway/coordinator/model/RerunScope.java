package dev.slipway.coordinator.model;

/// Which jobs of a finished run are run again.
public enum RerunScope {
    ALL,
    /// Failed, cancelled and timed-out jobs, and what depends on them.
    FAILED,
    /// One job and what depends on it.
    JOB
}
