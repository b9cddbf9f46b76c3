package dev.slipway.coordinator.logs;

import dev.slipway.id.AttemptId;

/// One step of one attempt: what a log belongs to. Written `41/3/1#2`.
public record StepKey(AttemptId attempt, int step) implements Comparable<StepKey> {
    public StepKey {
        if (step < 0) {
            throw new IllegalArgumentException("no such step: %s#%d".formatted(attempt, step));
        }
    }

    public long run() {
        return attempt.run();
    }

    @Override
    public int compareTo(StepKey other) {
        int byAttempt = attempt.compareTo(other.attempt);
        return byAttempt != 0 ? byAttempt : Integer.compare(step, other.step);
    }

    @Override
    public String toString() {
        return attempt + "#" + step;
    }
}
