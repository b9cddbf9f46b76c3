package dev.slipway.coordinator.deployments;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.coordinator.model.Bytes;
import dev.slipway.coordinator.model.Cause;
import dev.slipway.coordinator.model.Commit;
import dev.slipway.coordinator.model.Deployment;
import dev.slipway.coordinator.model.Deployment.Phase;
import dev.slipway.coordinator.model.EnvironmentName;
import dev.slipway.coordinator.model.Incident;
import dev.slipway.id.AttemptId;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/// Recorded histories whose figures are computed by hand, in comments beside them.
class DoraTest {
    private static final EnvironmentName PRODUCTION = EnvironmentName.of("acme/app", "production");
    private static final Instant DAY = Instant.parse("2026-11-01T00:00:00Z");

    private final List<Dora.Shipped> history = new ArrayList<>();
    private final List<Incident> incidents = new ArrayList<>();

    /// Ten days:
    ///
    /// | no. | live (h) | end | commits at (h) | lead times |
    /// |---|---|---|---|---|
    /// | 1 | 10 | succeeded | 4 | 6 h |
    /// | 2 | 34 | succeeded | 24, 32 | 10 h, 2 h |
    /// | 3 | 58 | rolled back at 59, changing since 57 | 50 | |
    /// | 4 | 72 | succeeded | 50, 60 | 22 h, 12 h |
    /// | 5 | 96 | failed at 96, changing since 95 | 90 | |
    /// | 6 | 100 | succeeded | 90, 98 | 10 h, 2 h |
    @Test
    void figuresOfAHistoryAreThoseComputedByHand() {
        ship(1, Phase.SUCCEEDED, 9, 10, commit("a", 4));
        ship(2, Phase.SUCCEEDED, 33, 34, commit("c", 32), commit("b", 24));
        ship(3, Phase.ROLLED_BACK, 57, 59, commit("d", 50));
        ship(4, Phase.SUCCEEDED, 71, 72, commit("e", 60), commit("d", 50));
        ship(5, Phase.FAILED, 95, 96, commit("f", 90));
        ship(6, Phase.SUCCEEDED, 99, 100, commit("g", 98), commit("f", 90));

        Dora.Figures figures = figures();

        // Four went live in ten days.
        assertThat(figures.deployments()).isEqualTo(4);
        assertThat(figures.perDay()).isEqualTo(0.4);
        // 2 2 6 10 10 12 22: the middle one is 10; 90 % of 7 is 6.3, so the 7th: 22.
        assertThat(figures.leadTime())
                .contains(new Dora.Spread(7, Duration.ofHours(10), Duration.ofHours(22)));
        // 3 and 5 of six.
        assertThat(figures.changes()).isEqualTo(6);
        assertThat(figures.failedChanges()).isEqualTo(2);
        assertThat(figures.changeFailureRate()).contains(2 / 6.0);
        // 3: from 57 to 59. 5: from 95 until 6 was live at 100. 2 h and 5 h: 3.5 h, 5 h.
        assertThat(figures.restore())
                .contains(new Dora.Spread(2, Duration.ofMinutes(210), Duration.ofHours(5)));
        assertThat(figures.unrestored()).isZero();
    }

    @Test
    void manualRollbackMakesWhatItTakesBackAFailureAndIsNoChangeItself() {
        ship(1, Phase.SUCCEEDED, 1, 2, commit("a", 0));
        ship(2, Phase.SUCCEEDED, 10, 11, commit("b", 5));
        rollBack(3, 2, 13, 14);

        Dora.Figures figures = figures();

        assertThat(figures.deployments()).isEqualTo(2);
        assertThat(figures.failedChanges()).isEqualTo(1);
        assertThat(figures.changeFailureRate()).contains(0.5);
        // From 2 being live at 11 until 3 was live at 14.
        assertThat(figures.restore().orElseThrow().median()).isEqualTo(Duration.ofHours(3));
    }

    @Test
    void incidentMakesItsDeploymentAFailureAndLastsUntilItIsClosed() {
        ship(1, Phase.SUCCEEDED, 1, 2, commit("a", 0));
        ship(2, Phase.SUCCEEDED, 3, 4, commit("b", 3));
        incidents.add(incident(1, 10, 16));
        incidents.add(incident(2, 20, -1));

        Dora.Figures figures = figures();

        assertThat(figures.failedChanges()).isEqualTo(2);
        assertThat(figures.restore())
                .contains(new Dora.Spread(1, Duration.ofHours(6), Duration.ofHours(6)));
        assertThat(figures.unrestored()).isOne();
    }

    @Test
    void whatChangedNothingIsNoChange() {
        ship(1, Phase.SUPERSEDED, 1, 2);
        history.add(
                new Dora.Shipped(
                        deployment(2, Phase.FAILED, -1, 3, 0, Cause.CANCELLED), List.of()));
        ship(3, Phase.SUCCEEDED, 500, 501);

        Dora.Figures figures = figures();

        assertThat(figures.changes()).isZero();
        assertThat(figures.changeFailureRate()).isEmpty();
        assertThat(figures.leadTime()).isEmpty();
    }

    @Test
    void failureThatNothingEndsIsUnrestored() {
        ship(1, Phase.FAILED, 1, 2);

        assertThat(figures().unrestored()).isOne();
        assertThat(figures().restore()).isEmpty();
    }

    @Test
    void ninetiethPercentileIsTheNearestRank() {
        List<Duration> hours = IntStream.rangeClosed(1, 10).mapToObj(Duration::ofHours).toList();

        // 5 and 6 are in the middle; nine of ten do not exceed 9.
        assertThat(Dora.spread(hours))
                .contains(new Dora.Spread(10, Duration.ofMinutes(330), Duration.ofHours(9)));
    }

    private Dora.Figures figures() {
        return new Dora(history, incidents, DAY, DAY.plus(Duration.ofDays(10))).figures(PRODUCTION);
    }

    private void ship(long number, Phase phase, int begins, int ends, Commit... commits) {
        history.add(
                new Dora.Shipped(
                        deployment(number, phase, begins, ends, 0, null), List.of(commits)));
    }

    private void rollBack(long number, long of, int begins, int ends) {
        history.add(
                new Dora.Shipped(
                        deployment(number, Phase.SUCCEEDED, begins, ends, of, null), List.of()));
    }

    /// @param begins in hours; less than 0: the target never changed
    private static Deployment deployment(
            long number,
            Phase phase,
            int begins,
            int ends,
            long rollbackOf,
            @org.jspecify.annotations.Nullable Cause cause) {
        return new Deployment(
                new Deployment.Name(PRODUCTION, number),
                "production",
                new Deployment.Origin(
                        AttemptId.parse("1/1/1"),
                        1,
                        "",
                        "ship",
                        "ship",
                        "cd.yml",
                        "push",
                        "s",
                        "r",
                        "ann"),
                Deployment.Target.UNKNOWN,
                phase,
                new Deployment.Times(at(0), begins < 0 ? null : at(begins), null, at(ends)),
                "",
                cause,
                "",
                "",
                new Deployment.Lineage(0, "", rollbackOf, 0, true),
                Bytes.EMPTY);
    }

    private static Incident incident(long number, int opened, int closed) {
        return new Incident(
                number,
                PRODUCTION,
                "production",
                number,
                "",
                "",
                "ann",
                at(opened),
                closed < 0 ? null : at(closed),
                "");
    }

    private static Commit commit(String sha, int hour) {
        return new Commit(sha, List.of(), at(hour), sha);
    }

    private static Instant at(int hour) {
        return DAY.plus(Duration.ofHours(hour));
    }
}
