package dev.slipway.cli.client;

import java.util.Locale;

/// Where a run, a job, an attempt or a step is.
public enum Status {
    /// Waits for needed jobs.
    WAITING,
    /// Held back by a concurrency group, max-parallel or an environment.
    BLOCKED,
    /// Ready; waits for an agent.
    QUEUED,
    /// Given to an agent that has not started it yet.
    LEASED,
    RUNNING,
    FINISHED;

    /// The word in tables and JSON.
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /// As people type it.
    @Override
    public String toString() {
        return word();
    }
}
