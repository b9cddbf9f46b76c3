package dev.slipway.coordinator.storage;

import dev.slipway.coordinator.model.Annotation;
import dev.slipway.coordinator.model.TestReport;

import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;

/// What an attempt found besides its result.
///
/// @param annotations in the order in which they came
/// @param summaries Markdown by step
public record AttemptFindings(
        List<Annotation> annotations,
        SortedMap<Integer, String> summaries,
        Optional<TestReport> tests) {
    public AttemptFindings {
        annotations = List.copyOf(annotations);
        summaries = Collections.unmodifiableSortedMap(summaries);
    }
}
