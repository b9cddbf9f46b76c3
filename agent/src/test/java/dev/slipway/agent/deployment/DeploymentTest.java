package dev.slipway.agent.deployment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.agent.deployment.Deployment.Outcome;
import dev.slipway.agent.deployment.DeploymentLog.Phase;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

class DeploymentTest {
    private final ScriptedTarget target = new ScriptedTarget();
    private final FakeLog log = new FakeLog(7);
    private FakeNotebook notebook = new FakeNotebook();
    private final Set<String> sick = new HashSet<>();
    private Runnable whileWatching = () -> {};

    /// The agent is killed: nothing of what it was about to do happens.
    private static final class Killed extends RuntimeException {
        private static final long serialVersionUID = 1;
    }

    private final Health health =
            new Health() {
                @Override
                public void before() {}

                @Override
                public Optional<String> watch(Release release, Life life)
                        throws InterruptedException {
                    whileWatching.run();
                    if (Thread.interrupted()) {
                        throw new InterruptedException();
                    }
                    return recovered(release, life);
                }

                @Override
                public Optional<String> recovered(Release release, Life life) {
                    return sick.contains(release.version())
                            ? Optional.of(release.version() + " answers 500")
                            : Optional.empty();
                }
            };

    private Outcome deploy() throws Exception {
        return new Deployment(
                        new DeploymentLog.Plan(
                                "4", "", "scripted", "target", "v7", "http://x/", Optional.empty()),
                        target,
                        health,
                        log,
                        notebook)
                .run();
    }

    private void runsWell(String version, long number) {
        target.good = Optional.of(new Release(number, version));
        target.highest = new Release(number, version);
        target.running = version;
    }

    @Test
    void healthyVersionSucceedsAndBecomesTheGoodOne() throws Exception {
        runsWell("v6", 6);

        Outcome outcome = deploy();

        assertThat(outcome.phase()).isEqualTo(Phase.SUCCEEDED);
        assertThat(outcome.running()).isEqualTo("v7");
        assertThat(log.phases()).containsExactly("rollout", "health", "succeeded");
        assertThat(target.good).contains(new Release(7, "v7"));
    }

    @Test
    void unhealthyVersionIsRolledBackAndBothFactsAreTold() throws Exception {
        runsWell("v6", 6);
        sick.add("v7");

        Outcome outcome = deploy();

        assertThat(outcome.phase()).isEqualTo(Phase.ROLLED_BACK);
        assertThat(outcome.why())
                .contains("v7 answers 500", "rolled back to v6 (deployment 6), which is healthy");
        assertThat(target.running).isEqualTo("v6");
        assertThat(target.good).contains(new Release(6, "v6"));
        assertThat(log.phases()).containsExactly("rollout", "health", "rollback", "rolled_back");
        assertThat(log.reports.getLast().runningVersion()).isEqualTo("v6");
    }

    @Test
    void versionThatDoesNotStartIsRolledBack() throws Exception {
        runsWell("v6", 6);
        target.broken.add("v7");

        Outcome outcome = deploy();

        assertThat(log.phases()).containsExactly("rollout", "rollback", "rolled_back");
        assertThat(outcome.why()).startsWith("v7 does not start");
    }

    @Test
    void firstVersionThatIsUnhealthyFailsAndSaysThatNothingGoodIsKnown() throws Exception {
        sick.add("v7");

        Outcome outcome = deploy();

        assertThat(outcome.phase()).isEqualTo(Phase.FAILED);
        assertThat(outcome.why()).contains("answers 500", "no earlier good version");
    }

    @Test
    void rollbackThatDoesNotBecomeHealthyFailsWithBothCauses() throws Exception {
        runsWell("v6", 6);
        sick.add("v7");
        sick.add("v6");

        Outcome outcome = deploy();

        assertThat(outcome.phase()).isEqualTo(Phase.FAILED);
        assertThat(outcome.why()).contains("v7 answers 500", "v6 answers 500");
    }

    @Test
    void lowerNumberIsRefusedAndChangesNothing() throws Exception {
        runsWell("v9", 9);

        Outcome outcome = deploy();

        assertThat(outcome.phase()).isEqualTo(Phase.SUPERSEDED);
        assertThat(outcome.why()).contains("v9 (deployment 9)");
        assertThat(target.done).isEmpty();
        assertThat(target.running).isEqualTo("v9");
    }

    @Test
    void deploymentThatIsOvertakenWhileItIsWatchedLeavesTheLaterOneAlone() throws Exception {
        runsWell("v6", 6);
        sick.add("v7");
        whileWatching = () -> runsWell("v8", 8);

        Outcome outcome = deploy();

        assertThat(outcome.phase()).isEqualTo(Phase.SUPERSEDED);
        assertThat(target.running).isEqualTo("v8");
    }

    @Test
    void recordThatHasEndedOtherwiseStopsEverything() throws Exception {
        log.endedOtherwise = true;

        Outcome outcome = deploy();

        assertThat(outcome.phase()).isEqualTo(Phase.SUPERSEDED);
        assertThat(target.done).containsExactly("claim 7");
    }

    @ParameterizedTest
    @EnumSource(
            value = Phase.class,
            names = {"ROLLOUT", "HEALTH", "SUCCEEDED"})
    void agentKilledAfterAPhaseWasJournaledGoesOnToTheSameEnd(Phase at) throws Exception {
        runsWell("v6", 6);
        killAfter(at);

        assertThatThrownBy(this::deploy).isInstanceOf(Killed.class);
        Outcome outcome = deploy();

        assertThat(outcome.phase()).isEqualTo(Phase.SUCCEEDED);
        assertThat(target.running).isEqualTo("v7");
        assertThat(log.phases()).endsWith("succeeded");
    }

    @ParameterizedTest
    @EnumSource(
            value = Phase.class,
            names = {"ROLLBACK", "ROLLED_BACK"})
    void agentKilledWhileRollingBackStillRollsBack(Phase at) throws Exception {
        runsWell("v6", 6);
        sick.add("v7");
        killAfter(at);

        assertThatThrownBy(this::deploy).isInstanceOf(Killed.class);
        sick.clear();
        Outcome outcome = deploy();

        assertThat(outcome.phase()).isEqualTo(Phase.ROLLED_BACK);
        assertThat(target.running).isEqualTo("v6");
        assertThat(outcome.why()).contains("v7 answers 500", "rolled back to v6");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4})
    void agentKilledBeforeAnyChangeOfTheTargetConverges(int change) throws Exception {
        runsWell("v6", 6);
        int[] left = {change};
        target.before =
                () -> {
                    if (--left[0] == 0) {
                        throw new Killed();
                    }
                };

        assertThatThrownBy(this::deploy).isInstanceOf(Killed.class);
        deploy();

        assertThat(target.running).isEqualTo("v7");
        assertThat(target.good).contains(new Release(7, "v7"));
        assertThat(
                        log.reports.stream()
                                .filter(report -> report.phase().compareTo(Phase.SUCCEEDED) >= 0))
                .hasSize(1);
    }

    @Test
    void recoveryByAnotherAttemptStartsNothingNewButGoesBack() throws Exception {
        runsWell("v6", 6);
        killAfter(Phase.ROLLOUT);
        assertThatThrownBy(this::deploy).isInstanceOf(Killed.class);
        notebook = new FakeNotebook();

        Outcome outcome = deploy();

        assertThat(outcome.phase()).isEqualTo(Phase.ROLLED_BACK);
        assertThat(target.done).doesNotContain("roll out v7");
        assertThat(outcome.why()).contains("left in flight");
    }

    @Test
    void recoveryByAnotherAttemptWatchesWhatRuns() throws Exception {
        runsWell("v6", 6);
        killAfter(Phase.HEALTH);
        assertThatThrownBy(this::deploy).isInstanceOf(Killed.class);
        notebook = new FakeNotebook();

        Outcome outcome = deploy();

        assertThat(outcome.phase()).isEqualTo(Phase.SUCCEEDED);
    }

    @Test
    void cancelledDeploymentPutsBackWhatWasThere() throws Exception {
        runsWell("v6", 6);
        notebook.cancelled = true;
        whileWatching = () -> Thread.currentThread().interrupt();

        Outcome outcome = deploy();

        assertThat(outcome.phase()).isEqualTo(Phase.ROLLED_BACK);
        assertThat(outcome.why()).contains("it was cancelled");
        assertThat(target.running).isEqualTo("v6");
    }

    @Test
    void agentThatIsStoppedLeavesTheDeploymentForItsNextLife() throws Exception {
        runsWell("v6", 6);
        whileWatching = () -> Thread.currentThread().interrupt();

        assertThatThrownBy(this::deploy).isInstanceOf(InterruptedException.class);
        assertThat(log.phases()).containsExactly("rollout", "health");
        assertThat(target.running).isEqualTo("v7");
        whileWatching = () -> {};

        assertThat(deploy().phase()).isEqualTo(Phase.SUCCEEDED);
    }

    @Test
    void interruptThatAClientMadeItsOwnFailureOfIsNoFailureOfTheVersion() throws Exception {
        runsWell("v6", 6);
        target.interrupted = true;

        assertThatThrownBy(this::deploy).isInstanceOf(InterruptedException.class);
        assertThat(log.phases()).containsExactly("rollout");
        target.interrupted = false;

        Outcome outcome = deploy();
        assertThat(outcome.phase()).isEqualTo(Phase.SUCCEEDED);
        assertThat(outcome.why()).isEmpty();
    }

    private void killAfter(Phase at) {
        log.after =
                phase -> {
                    if (phase == at) {
                        log.after = later -> {};
                        throw new Killed();
                    }
                };
    }
}
