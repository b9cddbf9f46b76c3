package dev.slipway.coordinator.model;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;

/// What an agent says of one attempt: the whole of it, every time. Repeats change nothing.
///
/// @param revision rises with every change on the agent
/// @param startedAt when the agent began; null while it prepares to
/// @param steps all steps that have started
/// @param annotations all annotations so far, at most {@link #MAX_ANNOTATIONS} are kept
/// @param summaries Markdown by step
/// @param tests test results so far
/// @param cancelAcknowledgedAt when the agent saw the cancel and began to act on it
/// @param result set when the attempt has ended *and* its log is whole or closed as incomplete
public record AttemptReport(
        long revision,
        @Nullable Instant startedAt,
        List<StepState> steps,
        List<Annotation> annotations,
        SortedMap<Integer, String> summaries,
        @Nullable TestReport tests,
        @Nullable Instant cancelAcknowledgedAt,
        @Nullable AttemptResult result) {
    /// Annotations of one attempt beyond this are dropped.
    public static final int MAX_ANNOTATIONS = 1_000;

    public AttemptReport {
        steps = List.copyOf(steps);
        annotations = List.copyOf(annotations);
        summaries = Collections.unmodifiableSortedMap(summaries);
    }
}
