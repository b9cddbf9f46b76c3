package dev.slipway.agent.deployment.health;

import dev.slipway.agent.deployment.Release;

import org.jspecify.annotations.Nullable;

import java.util.Optional;

/// Looks at one number: at a threshold, or at what it was before the deployment.
final class MetricCheck implements Check {
    private static final String NOTHING = "none";

    /// Asks for the number.
    @FunctionalInterface
    interface Source {
        Answer ask() throws InterruptedException;
    }

    /// @param value null when there is none
    /// @param problem why there is none
    record Answer(@Nullable Double value, String problem) {}

    /// Remembers the value from before over a restart of the agent.
    interface Memory {
        Optional<String> recall();

        void record(String value);
    }

    private final Source source;
    private final Comparison wanted;
    private final Memory memory;
    private boolean answered;
    private String lastProblem = "";

    MetricCheck(Source source, Comparison wanted, Memory memory) {
        this.source = source;
        this.wanted = wanted;
        this.memory = memory;
    }

    void measureBefore() throws InterruptedException {
        if (wanted.relative() && memory.recall().isEmpty()) {
            Double value = source.ask().value();
            memory.record(value == null ? NOTHING : Double.toString(value));
        }
    }

    /// A query without an answer says nothing about health; only one that never answers does.
    @Override
    public Optional<String> look(Release release) throws InterruptedException {
        if (wanted.relative() && before().isEmpty()) {
            // Nothing ran here before, or nobody measured it: there is nothing to compare with.
            answered = true;
            return Optional.empty();
        }
        Answer answer = source.ask();
        Double value = answer.value();
        if (value == null) {
            lastProblem = answer.problem();
            return Optional.empty();
        }
        answered = true;
        double before = before().orElse(Double.NaN);
        return wanted.holds(value, before)
                ? Optional.empty()
                : Optional.of(
                        "the metric is %s, but should be %s"
                                .formatted(Comparison.text(value), wanted.describe(before)));
    }

    private Optional<Double> before() {
        return memory.recall().filter(value -> !value.equals(NOTHING)).map(Double::parseDouble);
    }

    /// What is wrong after the whole window.
    Optional<String> verdict() {
        return answered
                ? Optional.empty()
                : Optional.of("the metric could not be read: " + lastProblem);
    }
}
