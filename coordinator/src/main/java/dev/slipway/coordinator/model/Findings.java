package dev.slipway.coordinator.model;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/// Which annotations, summaries and tests of an attempt are recorded, so that a repeated report
/// adds nothing. The contents are in the history tables only.
///
/// @param annotations ids, in the order in which they came
/// @param summaries fingerprints by step
/// @param tests fingerprint of the test report; 0 without one
public record Findings(List<String> annotations, SortedMap<Integer, Long> summaries, long tests) {
    public static final Findings NONE = new Findings(List.of(), new TreeMap<>(), 0);

    public Findings {
        annotations = List.copyOf(annotations);
        summaries = Collections.unmodifiableSortedMap(summaries);
    }

    /// Tells two texts apart: the length and the hash that `String` specifies, never 0.
    public static long fingerprint(String text) {
        return ((long) text.length() + 1) << 32 | (text.hashCode() & 0xffff_ffffL);
    }

    Findings annotated(String id) {
        var next = new ArrayList<>(annotations);
        next.add(id);
        return new Findings(next, summaries, tests);
    }

    Findings summarized(int step, long fingerprint) {
        var next = new TreeMap<>(summaries);
        next.put(step, fingerprint);
        return new Findings(annotations, next, tests);
    }

    Findings tested(long fingerprint) {
        return new Findings(annotations, summaries, fingerprint);
    }
}
