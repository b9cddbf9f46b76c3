package dev.slipway.coordinator.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.coordinator.model.AttemptReason;
import dev.slipway.coordinator.model.AttemptState;
import dev.slipway.coordinator.model.Bytes;
import dev.slipway.coordinator.model.Cause;
import dev.slipway.coordinator.model.Command;
import dev.slipway.coordinator.model.Conclusion;
import dev.slipway.coordinator.model.Deployment;
import dev.slipway.coordinator.model.Deployment.Phase;
import dev.slipway.coordinator.model.EnvironmentName;
import dev.slipway.coordinator.model.EnvironmentRules;
import dev.slipway.coordinator.model.JobState;
import dev.slipway.coordinator.model.Status;
import dev.slipway.error.ErrorCode;
import dev.slipway.id.AttemptId;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.List;

/// Deployments that were left in flight are finished by further attempts, which do nothing else.
class RecoveryTest {
    private static final String SHIP =
            "on: push\n"
                    + "jobs:\n"
                    + "  ship: {runs-on: linux, environment: production, steps: [{run: x}]}\n";
    private static final String PLAIN =
            "on: push\njobs:\n  ship: {runs-on: linux, steps: [{run: x}]}\n";
    private static final EnvironmentName PRODUCTION = EnvironmentName.of("acme/app", "production");
    private static final Bytes NEEDS = Bytes.utf8("sealed");

    /// Lease, 10 % margin and grace of the fixture.
    private static final Duration LEASE_IS_OVER = Duration.ofSeconds(680);

    private final EngineFixture farm = new EngineFixture();
    private long run;

    @BeforeEach
    void connect() {
        farm.agent("a1", 1, "linux");
    }

    @Test
    void agentThatIsLostIsWaitedForByWhatOnlyItCanReach() {
        AttemptId first = deploying(SHIP, "docker", Phase.HEALTH);
        farm.agent("a2", 4, "linux");

        lose("a1");

        assertThat(attempt(first).cause()).isEqualTo(Cause.AGENT_LOST);
        assertThat(job().status()).isEqualTo(Status.QUEUED);
        assertThat(deployment(1).phase()).isEqualTo(Phase.HEALTH);
        assertThat(farm.explain(run).getFirst().reason())
                .contains("only agent 'a1' can, and it is not connected");

        farm.agent("a1", 1, "linux");

        AttemptState second = attempt(job().latestAttempt());
        assertThat(second.lease().agentName()).isEqualTo("a1");
        assertThat(second.reason()).isEqualTo(AttemptReason.RECOVERY);
        farm.checkReplay();
    }

    @Test
    void recoveryFinishesTheSameRecordAndTheJobEndsAsItWould() {
        deploying(SHIP, "docker", Phase.ROLLOUT);
        lose("a1");
        farm.agent("a1", 1, "linux");
        AttemptId second = farm.start(job());

        Deployment same = farm.accept(begin(second, "main/0", "docker"));
        assertThat(same.number()).isEqualTo(1);
        assertThat(same.phase()).isEqualTo(Phase.ROLLOUT);
        assertThat(same.origin().step()).isEqualTo("main/4");
        assertThat(report(second, Phase.HEALTH)).isTrue();
        assertThat(report(second, Phase.SUCCEEDED)).isTrue();
        farm.succeed(job());

        assertThat(job().conclusion()).isEqualTo(Conclusion.FAILURE);
        assertThat(job().message())
                .isEqualTo(
                        "Its deployment was left in flight (agent 'a1' was not heard until its"
                                + " lease ended) and finished by a recovery.");
        assertThat(deployment(1).phase()).isEqualTo(Phase.SUCCEEDED);
        assertThat(deployment(1).sealed()).isEqualTo(Bytes.EMPTY);
        assertThat(farm.farm().runs()).isEmpty();
        farm.checkReplay();
    }

    @Test
    void clusterIsWithinReachOfAnyAgentThatFits() {
        deploying(SHIP, "kubernetes", Phase.ROLLBACK);
        farm.agent("a2", 4, "linux");

        lose("a1");

        assertThat(attempt(job().latestAttempt()).lease().agentName()).isEqualTo("a2");
    }

    @Test
    void attemptThatWasLostIsNotHeardAnyMore() {
        AttemptId first = deploying(SHIP, "kubernetes", Phase.HEALTH);
        farm.agent("a2", 4, "linux");
        lose("a1");
        AttemptId second = farm.start(job());
        farm.accept(begin(second, "main/0", "kubernetes"));
        report(second, Phase.SUCCEEDED);
        farm.succeed(job());

        assertThat(farm.refuse(reporting(first, Phase.ROLLBACK)).code())
                .isEqualTo(ErrorCode.STALE_ATTEMPT);
        assertThat(deployment(1).phase()).isEqualTo(Phase.SUCCEEDED);
    }

    @Test
    void untouchedTargetNeedsNoRecovery() {
        deploying(SHIP, "docker", Phase.CLAIMED);

        lose("a1");

        assertThat(deployment(1).phase()).isEqualTo(Phase.FAILED);
        assertThat(job().finished()).isTrue();
    }

    @Test
    void recoveryBeginsNothingOfItsOwn() {
        deploying(SHIP, "docker", Phase.HEALTH);
        lose("a1");
        farm.agent("a1", 1, "linux");
        AttemptId second = farm.start(job());

        assertThat(farm.refuse(begin(second, "main/0", "host")).code())
                .isEqualTo(ErrorCode.DEPLOYMENT_NOT_FOUND);
    }

    @Test
    void whatNobodyCouldFinishEndsAsFailedAfterAnHour() {
        deploying(SHIP, "docker", Phase.HEALTH);
        lose("a1");

        farm.pass(Duration.ofMinutes(59));
        assertThat(job().finished()).isFalse();
        farm.pass(Duration.ofMinutes(2));

        assertThat(job().conclusion()).isEqualTo(Conclusion.FAILURE);
        assertThat(job().message()).endsWith("; a recovery could not finish it.");
        assertThat(deployment(1).phase()).isEqualTo(Phase.FAILED);
        farm.checkReplay();
    }

    @Test
    void coordinatorThatComesBackKeepsTheAppointment() {
        deploying(SHIP, "docker", Phase.HEALTH);
        lose("a1");
        farm.pass(Duration.ofMinutes(30));

        farm.restart();
        farm.pass(Duration.ofMinutes(31));

        assertThat(job().finished()).isTrue();
        assertThat(deployment(1).phase()).isEqualTo(Phase.FAILED);
        farm.checkReplay();
    }

    @Test
    void recoveryThatFailsIsTriedAgainLaterAndNotForEver() {
        deploying(SHIP, "kubernetes", Phase.HEALTH);
        farm.fail(job());
        int tries = 0;
        while (!job().finished()) {
            tries++;
            assertThat(tries).isLessThan(10);
            AttemptId attempt = farm.start(job());
            farm.accept(begin(attempt, "main/0", "kubernetes"));
            farm.fail(job());
            if (!job().finished() && tries == 1) {
                assertThat(job().status()).isEqualTo(Status.BLOCKED);
                assertThat(farm.explain(run).getFirst().reason()).contains("its next try is at");
            }
            farm.pass(Duration.ofMinutes(5));
        }

        assertThat(tries).isEqualTo(5);
        assertThat(deployment(1).phase()).isEqualTo(Phase.FAILED);
        assertThat(job().conclusion()).isEqualTo(Conclusion.FAILURE);
        farm.checkReplay();
    }

    @Test
    void jobWithoutAnEnvironmentIsRecoveredInsteadOfRetried() {
        deploying(PLAIN, "kubernetes", Phase.ROLLOUT);
        farm.agent("a2", 4, "linux");

        lose("a1");

        assertThat(attempt(job().latestAttempt()).reason()).isEqualTo(AttemptReason.RECOVERY);
    }

    @Test
    void cancelledJobOfALostAgentIsRecoveredAndEndsCancelled() {
        deploying(SHIP, "docker", Phase.HEALTH);
        farm.accept(new Command.CancelRun(run, "", "no", "ann", false));
        lose("a1");
        assertThat(job().finished()).isFalse();
        farm.agent("a1", 1, "linux");
        AttemptId second = farm.start(job());
        farm.accept(begin(second, "main/0", "docker"));
        report(second, Phase.ROLLED_BACK);
        farm.succeed(job());

        assertThat(job().conclusion()).isEqualTo(Conclusion.CANCELLED);
        assertThat(deployment(1).phase()).isEqualTo(Phase.ROLLED_BACK);
        farm.checkReplay();
    }

    @Test
    void whoForcesTheEndWantsNoRecovery() {
        deploying(SHIP, "docker", Phase.HEALTH);
        lose("a1");

        farm.accept(new Command.CancelRun(run, "", "no", "ann", true));

        assertThat(job().finished()).isTrue();
        assertThat(deployment(1).phase()).isEqualTo(Phase.FAILED);
    }

    @Test
    void environmentIsOccupiedUntilTheRecoveryIsOver() {
        farm.accept(new Command.ConfigureEnvironment(PRODUCTION, "production", oneAtATime(), "op"));
        deploying(SHIP, "docker", Phase.HEALTH);
        farm.agent("a2", 4, "linux");
        lose("a1");

        long next = farm.submit(SHIP);

        assertThat(farm.job(next, "ship").status()).isEqualTo(Status.BLOCKED);
        farm.accept(new Command.CancelRun(run, "", "no", "ann", true));
        assertThat(farm.job(next, "ship").status()).isEqualTo(Status.LEASED);
    }

    private static EnvironmentRules oneAtATime() {
        EnvironmentRules none = EnvironmentRules.NONE;
        return new EnvironmentRules(
                none.approvals(),
                none.delay(),
                List.of(),
                true,
                List.of(),
                none.variables(),
                none.secrets());
    }

    /// An attempt of the job on a1 whose step has come so far.
    private AttemptId deploying(String workflow, String kind, Phase phase) {
        run = farm.submit(workflow);
        AttemptId attempt = farm.start(job());
        farm.accept(begin(attempt, "main/4", kind));
        if (phase != Phase.CLAIMED) {
            report(attempt, phase);
        }
        return attempt;
    }

    private Command.BeginDeployment begin(AttemptId attempt, String step, String kind) {
        return new Command.BeginDeployment(
                attempt,
                farm.farm().epoch(),
                step,
                "production",
                new Deployment.Target(kind, "web", "v2"),
                "",
                NEEDS);
    }

    private boolean report(AttemptId attempt, Phase phase) {
        return farm.accept(reporting(attempt, phase)).accepted();
    }

    private Command.ReportDeployment reporting(AttemptId attempt, Phase phase) {
        return new Command.ReportDeployment(
                attempt,
                farm.farm().epoch(),
                "production",
                1,
                new Command.DeploymentReport(phase, "", "", ""));
    }

    private void lose(String agent) {
        farm.turn(new Command.AgentGone(agent, 1));
        farm.pass(LEASE_IS_OVER);
    }

    private JobState job() {
        return farm.job(run, "ship");
    }

    private AttemptState attempt(AttemptId id) {
        return farm.records(id.run()).attempts().stream()
                .filter(known -> known.id().equals(id))
                .findFirst()
                .orElseThrow();
    }

    private Deployment deployment(long number) {
        return farm.farm()
                .deployments()
                .deployment(new Deployment.Name(PRODUCTION, number))
                .orElseThrow();
    }
}
