package dev.slipway.coordinator.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.coordinator.model.Bytes;
import dev.slipway.coordinator.model.Cause;
import dev.slipway.coordinator.model.Command;
import dev.slipway.coordinator.model.Conclusion;
import dev.slipway.coordinator.model.Deployment;
import dev.slipway.coordinator.model.Deployment.Phase;
import dev.slipway.coordinator.model.EnvironmentName;
import dev.slipway.coordinator.model.JobState;
import dev.slipway.coordinator.model.RerunScope;
import dev.slipway.error.ErrorCode;
import dev.slipway.id.AttemptId;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.List;
import java.util.Map;

/// Deployments of jobs and of their steps, and their numbers.
class DeploymentsTest {
    private static final String SHIP =
            "on: push\n"
                    + "jobs:\n"
                    + "  ship: {runs-on: linux, environment: Production, steps: [{run: x}]}\n";
    private static final String PLAIN =
            "on: push\njobs:\n  ship: {runs-on: linux, steps: [{run: x}]}\n";
    private static final EnvironmentName PRODUCTION = EnvironmentName.of("acme/app", "production");

    private final EngineFixture farm = new EngineFixture();

    @BeforeEach
    void connect() {
        farm.agent("a1", 4, "linux");
    }

    @Test
    void jobWithAnEnvironmentIsADeployment() {
        long run = farm.submit(SHIP);
        Deployment begun = deployment(1);
        farm.pass(Duration.ofMinutes(2));
        farm.succeed(farm.job(run, "ship"));

        assertThat(begun.phase()).isEqualTo(Phase.CLAIMED);
        assertThat(begun.label()).isEqualTo("Production");
        assertThat(begun.origin().actor()).isEqualTo("ann");
        Deployment ended = deployment(1);
        assertThat(ended.phase()).isEqualTo(Phase.SUCCEEDED);
        assertThat(Duration.between(ended.times().startedAt(), ended.times().finishedAt()))
                .isEqualTo(Duration.ofMinutes(2));
        assertThat(farm.farm().deployments().environment(PRODUCTION).orElseThrow().current())
                .isEqualTo(1);
        farm.checkReplay();
    }

    @Test
    void failedJobIsAFailedDeploymentThatSaysWhy() {
        long run = farm.submit(SHIP);
        farm.end(farm.job(run, "ship"), Conclusion.TIMED_OUT, Cause.TIMEOUT, Map.of());

        assertThat(deployment(1).phase()).isEqualTo(Phase.FAILED);
        assertThat(deployment(1).cause()).isEqualTo(Cause.TIMEOUT);
        assertThat(deployment(1).detail()).isEqualTo("The job took too long.");
    }

    @Test
    void stepOfSuchAJobRefinesTheSameRecord() {
        long run = farm.submit(SHIP);
        AttemptId attempt = farm.start(farm.job(run, "ship"));

        Deployment step = farm.accept(begin(attempt, "4", "", "v2"));

        assertThat(step.number()).isEqualTo(1);
        assertThat(step.target().version()).isEqualTo("v2");
        assertThat(farm.accept(begin(attempt, "4", "", "v2"))).isEqualTo(step);
        assertThat(farm.accept(begin(attempt, "5", "", "w1")).number()).isEqualTo(2);
        farm.checkReplay();
    }

    @Test
    void numbersRisePerEnvironmentAndGoOnAfterARestart() {
        long first = farm.submit(PLAIN);
        AttemptId attempt = farm.start(farm.job(first, "ship"));
        assertThat(farm.accept(begin(attempt, "1", "production", "v1")).number()).isEqualTo(1);
        assertThat(farm.accept(begin(attempt, "2", "staging", "v1")).number()).isEqualTo(1);
        farm.succeed(farm.job(first, "ship"));
        farm.restart();
        farm.agent("a1", 4, "linux");

        long second = farm.submit(PLAIN);
        AttemptId next = farm.start(farm.job(second, "ship"));

        assertThat(farm.accept(begin(next, "1", "PRODUCTION", "v2")).number()).isEqualTo(2);
        farm.checkReplay();
    }

    @Test
    void phasesGoForwardOnlyAndAnEndIsFinal() {
        long run = farm.submit(SHIP);
        AttemptId attempt = farm.start(farm.job(run, "ship"));
        farm.accept(begin(attempt, "1", "", "v1"));

        assertThat(report(attempt, 1, Phase.HEALTH)).isTrue();
        assertThat(report(attempt, 1, Phase.ROLLOUT)).isTrue();
        assertThat(deployment(1).phase()).isEqualTo(Phase.HEALTH);
        assertThat(report(attempt, 1, Phase.ROLLED_BACK)).isTrue();
        assertThat(report(attempt, 1, Phase.ROLLED_BACK)).isTrue();
        assertThat(report(attempt, 1, Phase.SUCCEEDED)).isFalse();
        farm.succeed(farm.job(run, "ship"));
        assertThat(deployment(1).phase()).isEqualTo(Phase.ROLLED_BACK);
        farm.checkReplay();
    }

    @Test
    void lastGoodVersionIsThatOfTheSameTarget() {
        deploy("v1", Phase.SUCCEEDED);
        deploy("v2", Phase.ROLLED_BACK);

        Deployment third = deploy("v3", Phase.SUCCEEDED);

        assertThat(third.lineage().goodVersion()).isEqualTo("v1");
        assertThat(third.lineage().replaces()).isEqualTo(1);
        assertThat(deploy("v4", Phase.FAILED).lineage().goodVersion()).isEqualTo("v3");
        farm.checkReplay();
    }

    @Test
    void stepThatNeverSaidTheEndHasFailedEvenIfTheJobSucceeds() {
        long run = farm.submit(SHIP);
        AttemptId attempt = farm.start(farm.job(run, "ship"));
        farm.accept(begin(attempt, "1", "", "v1"));
        report(attempt, 1, Phase.ROLLOUT);

        farm.succeed(farm.job(run, "ship"));

        assertThat(deployment(1).phase()).isEqualTo(Phase.FAILED);
        assertThat(deployment(1).detail()).contains("rolling out");
    }

    @Test
    void retriedJobComesBackToTheSameDeployment() {
        long run = farm.submit(PLAIN);
        AttemptId first = farm.start(farm.job(run, "ship"));
        farm.accept(begin(first, "1", "production", "v1"));
        report(first, 1, Phase.HEALTH);
        farm.agent("a2", 1, "linux");
        farm.end(farm.job(run, "ship"), Conclusion.FAILURE, Cause.INFRASTRUCTURE, Map.of());
        AttemptId second = farm.start(farm.job(run, "ship"));

        Deployment again = farm.accept(begin(second, "1", "production", "v1"));

        assertThat(second.number()).isEqualTo(2);
        assertThat(again.number()).isEqualTo(1);
        assertThat(again.phase()).isEqualTo(Phase.HEALTH);
        assertThat(again.origin().attempt()).isEqualTo(second);
        farm.checkReplay();
    }

    @Test
    void rerunOfAnEarlierDeploymentTakesBackTheCurrentOne() {
        long good = farm.submit(SHIP);
        farm.succeed(farm.job(good, "ship"));
        long bad = farm.submit(SHIP);
        farm.succeed(farm.job(bad, "ship"));

        farm.accept(new Command.RerunRun(good, RerunScope.JOB, "ship", "", "ann"));
        farm.succeed(farm.job(good, "ship"));

        assertThat(deployment(3).lineage().rollbackOf()).isEqualTo(2);
        assertThat(deployment(3).succeeded()).isTrue();
        assertThat(deployment(2).lineage().rollbackOf()).isZero();
        farm.checkReplay();
    }

    @Test
    void whoDoesNotHoldTheLeaseIsRefused() {
        long run = farm.submit(SHIP);
        JobState job = farm.job(run, "ship");
        AttemptId attempt = farm.start(job);
        farm.succeed(job);

        assertThat(farm.refuse(begin(attempt, "1", "", "v1")).code())
                .isEqualTo(ErrorCode.STALE_ATTEMPT);
    }

    @Test
    void stepOfAJobWithoutEnvironmentMustNameOne() {
        long run = farm.submit(PLAIN);
        AttemptId attempt = farm.start(farm.job(run, "ship"));

        assertThat(farm.refuse(begin(attempt, "1", "", "v1")).message())
                .contains("`environment: NAME`");
    }

    @Test
    void deploymentsOutliveTheirRuns() {
        long run = farm.submit(SHIP);
        farm.succeed(farm.job(run, "ship"));
        farm.accept(new Command.RemoveRuns(List.of(run)));

        assertThat(deployment(1).succeeded()).isTrue();
        farm.checkReplay();
    }

    private Deployment deploy(String version, Phase end) {
        long run = farm.submit(SHIP);
        AttemptId attempt = farm.start(farm.job(run, "ship"));
        Deployment begun = farm.accept(begin(attempt, "1", "", version));
        report(attempt, begun.number(), Phase.ROLLOUT);
        report(attempt, begun.number(), end);
        farm.succeed(farm.job(run, "ship"));
        return begun;
    }

    private boolean report(AttemptId attempt, long number, Phase phase) {
        var report = new Command.DeploymentReport(phase, "", "", "");
        return farm.accept(
                        new Command.ReportDeployment(
                                attempt, epoch(), "production", number, report))
                .accepted();
    }

    private Command.BeginDeployment begin(
            AttemptId attempt, String step, String environment, String version) {
        String target = version.startsWith("w") ? "worker" : "web";
        return new Command.BeginDeployment(
                attempt,
                epoch(),
                step,
                environment,
                new Deployment.Target("docker", target, version),
                "",
                Bytes.EMPTY);
    }

    private long epoch() {
        return farm.farm().epoch();
    }

    private Deployment deployment(long number) {
        return farm.farm()
                .deployments()
                .deployment(new Deployment.Name(PRODUCTION, number))
                .orElseThrow();
    }
}
