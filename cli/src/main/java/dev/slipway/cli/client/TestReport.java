package dev.slipway.cli.client;

import java.time.Duration;
import java.util.List;

/// Test results that a step named.
public record TestReport(
        int total,
        int failed,
        int errored,
        int skipped,
        Duration duration,
        List<Failure> failures,
        List<Timing> slowest) {
    public int passed() {
        return total - failed - errored - skipped;
    }

    /// One failed or errored test; line 0 when unknown.
    public record Failure(String suite, String name, String message, String file, int line) {}

    /// How long one test took.
    public record Timing(String suite, String name, Duration duration) {}
}
