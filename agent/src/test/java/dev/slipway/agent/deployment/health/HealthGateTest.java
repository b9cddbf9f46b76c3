package dev.slipway.agent.deployment.health;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.agent.deployment.Release;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

class HealthGateTest {
    private static final Release RELEASE = new Release(7, "v7");

    private final StandingTime time = new StandingTime();
    private final List<String> said = new ArrayList<>();
    private final ArrayDeque<Boolean> answers = new ArrayDeque<>();
    private final ArrayDeque<Double> values = new ArrayDeque<>();
    private Optional<String> dead = Optional.empty();
    private String remembered = "";

    private HealthGate gate(GateTimes times, String comparison) {
        Check check = release -> next() ? Optional.empty() : Optional.of("status 500");
        Optional<MetricCheck> metric =
                comparison.isEmpty()
                        ? Optional.empty()
                        : Optional.of(
                                new MetricCheck(
                                        this::measure,
                                        Comparison.parse(comparison).orElseThrow(),
                                        new MetricCheck.Memory() {
                                            @Override
                                            public Optional<String> recall() {
                                                return remembered.isEmpty()
                                                        ? Optional.empty()
                                                        : Optional.of(remembered);
                                            }

                                            @Override
                                            public void record(String value) {
                                                remembered = value;
                                            }
                                        }));
        return new HealthGate(List.of(check), metric, times, time, time, said::add);
    }

    private boolean next() {
        return answers.size() > 1 ? answers.poll() : answers.element();
    }

    private MetricCheck.Answer measure() {
        double value = values.size() > 1 ? values.poll() : values.element();
        return Double.isNaN(value)
                ? new MetricCheck.Answer(null, "no data")
                : new MetricCheck.Answer(value, "");
    }

    private static GateTimes times(int deadline, int window) {
        return new GateTimes(
                Duration.ofSeconds(2),
                3,
                2,
                Duration.ofSeconds(deadline),
                Duration.ofSeconds(window));
    }

    @Test
    void healthyNeedsSuccessesInARow() throws Exception {
        answers.addAll(List.of(false, true, true, false, true));

        assertThat(gate(times(60, 0), "").watch(RELEASE, () -> dead)).isEmpty();

        assertThat(time.uptime()).isEqualTo(Duration.ofSeconds(12));
    }

    @Test
    void versionThatIsNotHealthyByTheDeadlineIsBad() throws Exception {
        answers.add(false);

        assertThat(gate(times(10, 0), "").watch(RELEASE, () -> dead))
                .hasValueSatisfying(
                        why -> assertThat(why).contains("not healthy within 10s", "status 500"));
        assertThat(time.uptime()).isLessThanOrEqualTo(Duration.ofSeconds(10));
    }

    @Test
    void deadVersionIsBadAtOnce() throws Exception {
        answers.add(true);
        dead = Optional.of("exit code 3");

        assertThat(gate(times(60, 0), "").watch(RELEASE, () -> dead)).contains("exit code 3");
        assertThat(time.uptime()).isZero();
    }

    @Test
    void singleBadAnswerInTheWindowIsForgiven() throws Exception {
        answers.addAll(List.of(true, true, true, false, true));

        assertThat(gate(times(60, 20), "").watch(RELEASE, () -> dead)).isEmpty();
    }

    @Test
    void badAnswersInARowInTheWindowAreNot() throws Exception {
        answers.addAll(List.of(true, true, true, true, false));

        assertThat(gate(times(60, 20), "").watch(RELEASE, () -> dead))
                .hasValueSatisfying(why -> assertThat(why).contains("unhealthy 2 times in a row"));
    }

    @Test
    void metricIsComparedWithWhatItWasBefore() throws Exception {
        answers.add(true);
        values.addAll(List.of(0.02, 0.021, 0.05));
        HealthGate gate = gate(times(60, 10), "<= before * 1.5");

        gate.before();

        assertThat(gate.watch(RELEASE, () -> dead))
                .hasValueSatisfying(
                        why ->
                                assertThat(why)
                                        .contains("the metric is 0.05", "before it was 0.02"));
    }

    @Test
    void valueFromBeforeIsNotMeasuredAgainAfterARestart() throws Exception {
        answers.add(true);
        remembered = "0.5";
        values.add(0.4);
        HealthGate gate = gate(times(60, 4), "<= before");

        gate.before();

        assertThat(gate.watch(RELEASE, () -> dead)).isEmpty();
        assertThat(remembered).isEqualTo("0.5");
    }

    @Test
    void metricThatIsNeverAnsweredIsBad() throws Exception {
        answers.add(true);
        values.add(Double.NaN);

        assertThat(gate(times(60, 10), "< 1").watch(RELEASE, () -> dead))
                .contains("the metric could not be read: no data");
    }

    @Test
    void recoveredVersionIsNotHeldToTheMetric() throws Exception {
        answers.add(true);
        values.add(99.0);

        assertThat(gate(times(60, 10), "< 1").recovered(RELEASE, () -> dead)).isEmpty();
    }

    @Test
    void comparisonsAreParsedOrRefused() {
        assertThat(Comparison.parse("< 0.05")).contains(new Comparison("<", false, 0.05));
        assertThat(Comparison.parse(">=before")).contains(new Comparison(">=", true, 1));
        assertThat(Comparison.parse("<= before * 1.2")).contains(new Comparison("<=", true, 1.2));
        assertThat(Comparison.parse("0.05")).isEmpty();
        assertThat(Comparison.parse("< 1.2.3")).isEmpty();
        assertThat(Comparison.parse("== 3")).isEmpty();
    }
}
