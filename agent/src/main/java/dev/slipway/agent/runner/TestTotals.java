package dev.slipway.agent.runner;

import dev.slipway.agent.runner.AttemptView.TestsView;
import dev.slipway.agent.runner.AttemptView.TestsView.Failure;
import dev.slipway.agent.runner.AttemptView.TestsView.Timing;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/// Adds up the test results of an attempt's steps.
final class TestTotals {
    private static final int SLOWEST = 10;
    private static final int MAX_FAILURES = 1_000;

    private TestTotals() {}

    static @Nullable TestsView of(Collection<TestsView> parts) {
        if (parts.isEmpty()) {
            return null;
        }
        int total = 0;
        int failed = 0;
        int errored = 0;
        int skipped = 0;
        Duration duration = Duration.ZERO;
        List<Failure> failures = new ArrayList<>();
        List<Timing> timings = new ArrayList<>();
        for (TestsView part : parts) {
            total += part.total();
            failed += part.failed();
            errored += part.errored();
            skipped += part.skipped();
            duration = duration.plus(part.duration());
            failures.addAll(part.failures());
            timings.addAll(part.slowest());
        }
        timings.sort(Comparator.comparing(Timing::duration).reversed());
        return new TestsView(
                total,
                failed,
                errored,
                skipped,
                duration,
                List.copyOf(failures.subList(0, Math.min(MAX_FAILURES, failures.size()))),
                List.copyOf(timings.subList(0, Math.min(SLOWEST, timings.size()))));
    }
}
