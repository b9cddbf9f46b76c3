package dev.slipway.agent.output;

import java.time.Duration;
import java.util.List;

/// What test reports say, added up and masked.
///
/// @param failed tests with a failure; those with another error count as `errored`
/// @param failures at most {@link JUnitReports#MAX_FAILURES}, in the order of the files
/// @param slowest at most {@link JUnitReports#MAX_SLOWEST}, slowest first
/// @param problems files that are no reports, and why
public record TestResults(
        int total,
        int failed,
        int errored,
        int skipped,
        Duration duration,
        List<Failure> failures,
        List<Timing> slowest,
        List<String> problems) {

    public TestResults {
        failures = List.copyOf(failures);
        slowest = List.copyOf(slowest);
        problems = List.copyOf(problems);
    }

    /// A test that failed.
    ///
    /// @param file empty when unknown
    /// @param line 0 when unknown
    public record Failure(String suite, String name, String message, String file, int line) {}

    /// How long a test took.
    public record Timing(String suite, String name, Duration duration) {}
}
