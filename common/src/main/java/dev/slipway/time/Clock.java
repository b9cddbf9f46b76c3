package dev.slipway.time;

import java.time.Duration;
import java.time.Instant;

/// Tells the time. Product code never asks the system directly (enforced), so that tests and the
/// simulation move time by hand.
public interface Clock {
    /// The wall clock: for people, records and logs. It may jump; never subtract two of them to
    /// decide anything.
    Instant now();

    /// Time since an arbitrary origin that never goes back: for leases, time-outs and durations.
    /// Two values are comparable only within one process.
    Duration uptime();
}
