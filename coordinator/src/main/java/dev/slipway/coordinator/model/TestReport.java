package dev.slipway.coordinator.model;

import java.time.Duration;
import java.util.List;

/// Test results named by the steps of an attempt.
///
/// @param failures failed and errored tests
/// @param slowest the ten slowest
public record TestReport(
        int total,
        int failed,
        int errored,
        int skipped,
        Duration duration,
        List<Failure> failures,
        List<Slow> slowest) {
    public TestReport {
        failures = List.copyOf(failures);
        slowest = List.copyOf(slowest);
    }

    /// One failed or errored test.
    public record Failure(String suite, String name, String message, String file, int line) {}

    /// How long one test took.
    public record Slow(String suite, String name, Duration duration) {}

    /// Tells two reports apart; never 0.
    public long fingerprint() {
        return Findings.fingerprint(toString());
    }
}
