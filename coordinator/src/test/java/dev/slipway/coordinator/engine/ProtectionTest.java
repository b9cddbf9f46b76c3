package dev.slipway.coordinator.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.coordinator.model.Command;
import dev.slipway.coordinator.model.Conclusion;
import dev.slipway.coordinator.model.EnvironmentName;
import dev.slipway.coordinator.model.EnvironmentRules;
import dev.slipway.coordinator.model.Hold;
import dev.slipway.coordinator.model.Incident;
import dev.slipway.coordinator.model.RunSpec;
import dev.slipway.coordinator.model.SealedSecrets;
import dev.slipway.coordinator.model.Status;
import dev.slipway.error.ErrorCode;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.List;
import java.util.Map;

/// What protects environments: approvals, wait timers, branches, one at a time.
class ProtectionTest {
    private static final String SHIP =
            "on: push\njobs:\n  ship: {runs-on: linux, environment: prod, steps: [{run: x}]}\n";
    private static final EnvironmentName PROD = EnvironmentName.of("acme/app", "prod");

    private final EngineFixture farm = new EngineFixture();

    @BeforeEach
    void connect() {
        farm.agent("a1", 4, "linux");
    }

    @Test
    void jobWaitsForAsManyPeopleAsAreRequired() {
        rules(2, Duration.ZERO, List.of(), false);
        long run = farm.submit(SHIP);
        assertThat(farm.job(run, "ship").hold()).isEqualTo(Hold.ENVIRONMENT);
        assertThat(farm.explain(run).getFirst().reason()).contains("2 more approvals");

        farm.accept(review(run, "ann", false));
        farm.accept(review(run, "ann", false));
        assertThat(farm.explain(run).getFirst().reason()).contains("1 more approval");
        farm.restart();
        farm.agent("a1", 4, "linux");
        farm.accept(review(run, "bob", false));

        assertThat(farm.job(run, "ship").status()).isEqualTo(Status.LEASED);
        farm.checkReplay();
    }

    @Test
    void rejectedJobFailsAndSaysWho() {
        rules(1, Duration.ZERO, List.of(), false);
        long run = farm.submit(SHIP);

        farm.accept(review(run, "ann", true));

        assertThat(farm.job(run, "ship").conclusion()).isEqualTo(Conclusion.FAILURE);
        assertThat(farm.job(run, "ship").message()).startsWith("ann rejected its deployment");
        assertThat(farm.refuse(review(run, "ann", false)).code())
                .isEqualTo(ErrorCode.RUN_ALREADY_FINISHED);
        farm.checkReplay();
    }

    @Test
    void waitTimerLetsTheJobThroughByItselfAlsoAfterARestart() {
        rules(0, Duration.ofMinutes(5), List.of(), false);
        long run = farm.submit(SHIP);
        farm.pass(Duration.ofMinutes(3));
        farm.restart();
        farm.agent("a1", 4, "linux");
        assertThat(farm.job(run, "ship").hold()).isEqualTo(Hold.ENVIRONMENT);

        farm.pass(Duration.ofMinutes(2).plusSeconds(1));

        assertThat(farm.job(run, "ship").status()).isEqualTo(Status.LEASED);
        farm.checkReplay();
    }

    @Test
    void onlyAllowedBranchesDeploy() {
        rules(0, Duration.ZERO, List.of("release/*"), false);
        long run = farm.submit(SHIP);

        assertThat(farm.job(run, "ship").conclusion()).isEqualTo(Conclusion.FAILURE);
        assertThat(farm.job(run, "ship").message()).contains("release/*", "refs/heads/main");

        rules(0, Duration.ZERO, List.of("main"), false);
        assertThat(farm.job(farm.submit(SHIP), "ship").status()).isEqualTo(Status.LEASED);
    }

    @Test
    void oneJobAtATimeInTheOrderOfTheRuns() {
        rules(0, Duration.ZERO, List.of(), true);
        long first = farm.submit(SHIP);
        long second = farm.submit(SHIP);
        long third = farm.submit(SHIP);
        assertThat(farm.explain(second).getFirst().reason()).contains("run " + first);
        assertThat(farm.job(third, "ship").hold()).isEqualTo(Hold.ENVIRONMENT);

        farm.succeed(farm.job(first, "ship"));

        assertThat(farm.job(second, "ship").status()).isEqualTo(Status.LEASED);
        assertThat(farm.job(third, "ship").hold()).isEqualTo(Hold.ENVIRONMENT);
        farm.accept(new Command.CancelRun(second, "", "no", "ann", false));
        farm.end(
                farm.job(second, "ship"),
                Conclusion.CANCELLED,
                dev.slipway.coordinator.model.Cause.CANCELLED,
                Map.of());
        assertThat(farm.job(third, "ship").status()).isEqualTo(Status.LEASED);
        farm.checkReplay();
    }

    @Test
    void changedRulesCountForWhatWaitsAlready() {
        rules(1, Duration.ZERO, List.of(), false);
        long run = farm.submit(SHIP);

        rules(0, Duration.ZERO, List.of(), false);

        assertThat(farm.job(run, "ship").status()).isEqualTo(Status.LEASED);
    }

    @Test
    void farmRuleMakesADeploymentOfAJobThatNamesNoEnvironment() {
        var rules =
                new EnvironmentRules(
                        0,
                        Duration.ZERO,
                        List.of(),
                        false,
                        List.of(".github/workflows/ci.yml:build"),
                        RunSpec.sorted(Map.of()),
                        SealedSecrets.NONE);
        farm.accept(new Command.ConfigureEnvironment(PROD, "prod", rules, "op"));
        long run =
                farm.submit(
                        """
                        on: push
                        jobs:
                          build: {runs-on: linux, steps: [{run: x}]}
                          test: {runs-on: linux, steps: [{run: x}]}
                        """);
        farm.succeed(farm.job(run, "build"));

        assertThat(farm.job(run, "build").plan().environment()).isEqualTo("prod");
        assertThat(farm.job(run, "test").plan().environment()).isEmpty();
        assertThat(farm.farm().deployments().environment(PROD).orElseThrow().current())
                .isEqualTo(1);
        farm.checkReplay();
    }

    @Test
    void incidentIsOpenedOncePerKeyAndNamesTheCurrentDeployment() {
        long run = farm.submit(SHIP);
        farm.succeed(farm.job(run, "ship"));

        Incident opened = farm.accept(open("pager-7"));
        assertThat(farm.accept(open("pager-7"))).isEqualTo(opened);
        assertThat(opened.number()).isEqualTo(1);
        Incident closed = farm.accept(new Command.CloseIncident(0, "pager-7", "bob"));

        assertThat(closed.open()).isFalse();
        assertThat(farm.refuse(new Command.CloseIncident(1, "", "bob")).code())
                .isEqualTo(ErrorCode.INCIDENT_NOT_FOUND);
        farm.restart();
        assertThat(farm.accept(open("pager-7")).id()).isEqualTo(2);
        farm.checkReplay();
    }

    private static Command.OpenIncident open(String key) {
        return new Command.OpenIncident(PROD, 0, key, "slow", "ann");
    }

    private static Command.ReviewJobs review(long run, String by, boolean reject) {
        return new Command.ReviewJobs(run, "", reject, "", by);
    }

    private void rules(int approvals, Duration wait, List<String> branches, boolean one) {
        var rules =
                new EnvironmentRules(
                        approvals,
                        wait,
                        branches,
                        one,
                        List.of(),
                        RunSpec.sorted(Map.of()),
                        SealedSecrets.NONE);
        farm.accept(new Command.ConfigureEnvironment(PROD, "prod", rules, "op"));
    }
}
