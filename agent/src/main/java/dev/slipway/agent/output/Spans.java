package dev.slipway.agent.output;

import java.util.Arrays;

/// Ranges of an array, as few objects as possible.
final class Spans {
    private long[] spans = new long[4];
    private int size;

    boolean isEmpty() {
        return size == 0;
    }

    int size() {
        return size;
    }

    int from(int i) {
        return (int) (spans[i] >>> 32);
    }

    int to(int i) {
        return (int) spans[i];
    }

    void add(int from, int to) {
        if (size == spans.length) {
            spans = Arrays.copyOf(spans, 2 * size);
        }
        spans[size++] = ((long) from << 32) | to;
    }

    /// Sorts the ranges and joins those that overlap or touch.
    void merge() {
        if (size < 2) {
            return;
        }
        Arrays.sort(spans, 0, size);
        int kept = 0;
        for (int i = 1; i < size; i++) {
            if (from(i) <= to(kept)) {
                int end = Math.max(to(kept), to(i));
                spans[kept] = ((long) from(kept) << 32) | end;
            } else {
                spans[++kept] = spans[i];
            }
        }
        size = kept + 1;
    }

    /// The end of the merged range that holds `position` strictly inside; `position` if none does.
    int endAround(int position) {
        for (int i = 0; i < size; i++) {
            if (from(i) < position && position < to(i)) {
                return to(i);
            }
        }
        return position;
    }
}
