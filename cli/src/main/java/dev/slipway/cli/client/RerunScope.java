package dev.slipway.cli.client;

/// Which jobs of a finished run run again, each with what depends on it.
public enum RerunScope {
    ALL,
    FAILED,
    JOB
}
