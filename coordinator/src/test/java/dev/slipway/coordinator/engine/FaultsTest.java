package dev.slipway.coordinator.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.coordinator.model.AttemptReport;
import dev.slipway.coordinator.model.AttemptState;
import dev.slipway.coordinator.model.Cause;
import dev.slipway.coordinator.model.Command;
import dev.slipway.coordinator.model.Conclusion;
import dev.slipway.coordinator.model.JobState;
import dev.slipway.coordinator.model.Status;
import dev.slipway.error.ErrorCode;
import dev.slipway.id.AttemptId;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Agents that are lost, late, broken or gone; coordinators that restart.
class FaultsTest {
    private static final String BUILD =
            """
            on: push
            jobs:
              build: {runs-on: linux, steps: [{run: make}]}
            """;

    /// Longer than lease, grace and margin of the fixture's settings.
    private static final Duration TOO_LONG = Duration.ofMinutes(12);

    private final EngineFixture farm = new EngineFixture();

    @AfterEach
    void replayEqualsLive() {
        farm.checkReplay();
    }

    @Test
    void expiredLeaseReturnsJobToQueue() {
        farm.agent("one", 1, "linux");
        long run = farm.submit(BUILD);
        farm.start(farm.job(run, "build"));
        farm.accept(new Command.AgentGone("one", 1));

        farm.pass(TOO_LONG);

        assertThat(farm.job(run, "build").status()).isEqualTo(Status.QUEUED);
        farm.agent("two", 1, "linux");
        JobState job = farm.job(run, "build");
        assertThat(job.status()).isEqualTo(Status.LEASED);
        assertThat(job.attempts()).isEqualTo(2);
        assertThat(attempt(job.id().attempt(1)).cause()).isEqualTo(Cause.AGENT_LOST);
    }

    @Test
    void agentThatIsHeardKeepsItsLease() {
        farm.agent("one", 1, "linux");
        long run = farm.submit(BUILD);
        farm.start(farm.job(run, "build"));

        for (int i = 0; i < 10; i++) {
            farm.pass(Duration.ofMinutes(5));
            farm.core().leases().heard("one");
        }

        assertThat(farm.job(run, "build").status()).isEqualTo(Status.RUNNING);
    }

    @Test
    void lateResultIsTakenWhileNoNewerAttemptExists() {
        farm.agent("one", 1, "linux");
        long run = farm.submit(BUILD);
        farm.start(farm.job(run, "build"));
        farm.accept(new Command.AgentGone("one", 1));
        farm.pass(TOO_LONG);

        farm.succeed(farm.job(run, "build"));

        assertThat(farm.records(run).run().conclusion()).isEqualTo(Conclusion.SUCCESS);
        assertThat(farm.job(run, "build").attempts()).isEqualTo(1);
    }

    @Test
    void lateResultOfAReplacedAttemptChangesNothing() {
        farm.agent("one", 1, "linux");
        long run = farm.submit(BUILD);
        AttemptId first = farm.start(farm.job(run, "build"));
        farm.accept(new Command.AgentGone("one", 1));
        farm.pass(TOO_LONG);
        farm.agent("two", 1, "linux");

        var answer =
                farm.report(
                        first,
                        farm.report(3, farm.result(Conclusion.SUCCESS, Cause.SUCCESS, Map.of())));

        assertThat(answer)
                .isInstanceOfSatisfying(
                        Decision.Accepted.class,
                        accepted ->
                                assertThat(accepted.answer())
                                        .isEqualTo(new Command.Reported(3, true)));
        assertThat(farm.job(run, "build").status()).isEqualTo(Status.LEASED);
        assertThat(attempt(first).cause()).isEqualTo(Cause.AGENT_LOST);
    }

    @Test
    void strangersReportIsRefused() {
        farm.agent("one", 1, "linux");
        long run = farm.submit(BUILD);
        AttemptId attempt = farm.job(run, "build").latestAttempt();

        assertThat(
                        farm.refuse(
                                        new Command.ReportAttempt(
                                                "two", attempt, 1, farm.report(1, null)))
                                .code())
                .isEqualTo(ErrorCode.STALE_ATTEMPT);
        assertThat(
                        farm.refuse(
                                        new Command.ReportAttempt(
                                                "one", attempt, 7, farm.report(1, null)))
                                .code())
                .isEqualTo(ErrorCode.STALE_ATTEMPT);
    }

    @Test
    void infrastructureFailureIsRetriedElsewhereAndBounded() {
        farm.agent("one", 1, "linux");
        farm.agent("two", 1, "linux");
        long run = farm.submit(BUILD);

        String first = agentOf(run);
        farm.end(farm.job(run, "build"), Conclusion.FAILURE, Cause.INFRASTRUCTURE, Map.of());
        assertThat(agentOf(run)).isNotEqualTo(first);
        farm.end(farm.job(run, "build"), Conclusion.FAILURE, Cause.INFRASTRUCTURE, Map.of());
        farm.end(farm.job(run, "build"), Conclusion.FAILURE, Cause.INFRASTRUCTURE, Map.of());

        assertThat(farm.job(run, "build").attempts()).isEqualTo(3);
        assertThat(farm.records(run).run().conclusion()).isEqualTo(Conclusion.FAILURE);
    }

    @Test
    void jobWithAnEnvironmentIsNeverRetriedByItself() {
        farm.agent("one", 1, "linux");
        long run =
                farm.submit(
                        """
                        on: push
                        jobs:
                          ship:
                            runs-on: linux
                            environment: production
                            steps: [{run: make}]
                        """);

        farm.end(farm.job(run, "ship"), Conclusion.FAILURE, Cause.INFRASTRUCTURE, Map.of());

        assertThat(farm.job(run, "ship").attempts()).isEqualTo(1);
        assertThat(farm.records(run).run().conclusion()).isEqualTo(Conclusion.FAILURE);
    }

    @Test
    void restartKeepsLeasesForAFullTerm() {
        farm.agent("one", 1, "linux");
        long run = farm.submit(BUILD);
        AttemptId attempt = farm.start(farm.job(run, "build"));
        farm.pass(Duration.ofMinutes(9));

        farm.restart();
        farm.pass(Duration.ofMinutes(9));
        assertThat(farm.job(run, "build").status()).isEqualTo(Status.RUNNING);
        farm.agent("one", 1, "linux");
        farm.succeed(farm.job(run, "build"));

        assertThat(farm.records(run).run().conclusion()).isEqualTo(Conclusion.SUCCESS);
        assertThat(attempt(attempt).lease().epoch()).isEqualTo(1);
        assertThat(farm.farm().epoch()).isEqualTo(2);
    }

    @Test
    void secondAgentOfANameIsRefused() {
        farm.agent("one", 1, "linux");
        var twin =
                new dev.slipway.coordinator.model.AgentInfo(
                        "other-id",
                        "one",
                        "boot",
                        "p",
                        "0.1.0",
                        1,
                        java.util.List.of(),
                        "Linux",
                        "X64",
                        false,
                        "",
                        java.util.List.of());

        assertThat(farm.refuse(new Command.AgentConnected(twin, 9)).code())
                .isEqualTo(ErrorCode.AGENT_NAME_TAKEN);
    }

    @Test
    void drainedAgentGetsNoJobsEvenAfterARestart() {
        farm.agent("one", 1, "linux");
        farm.accept(new Command.DrainAgent("one", "op"));
        farm.restart();
        farm.agent("one", 1, "linux");
        long run = farm.submit(BUILD);
        assertThat(farm.job(run, "build").status()).isEqualTo(Status.QUEUED);

        farm.accept(new Command.ResumeAgent("one", "op"));

        assertThat(farm.job(run, "build").status()).isEqualTo(Status.LEASED);
    }

    @Test
    void attemptThatItsAgentForgotIsTriedAgain() {
        farm.agent("one", 1, "linux");
        long run = farm.submit(BUILD);
        AttemptId first = farm.start(farm.job(run, "build"));

        farm.accept(new Command.LoseAttempt("one", first, "its work directory is another one"));

        assertThat(attempt(first).cause()).isEqualTo(Cause.INFRASTRUCTURE);
        assertThat(farm.job(run, "build").attempts()).isEqualTo(2);
    }

    @Test
    void overrunAttemptIsCancelledThenEnded() {
        farm.agent("one", 1, "linux");
        long run = farm.submit(BUILD.replace("steps", "timeout-minutes: 3, steps"));
        farm.start(farm.job(run, "build"));
        farm.pass(Duration.ofMinutes(9));
        farm.core().leases().heard("one");

        farm.pass(Duration.ofMinutes(2));
        assertThat(farm.job(run, "build").cancelRequested()).isTrue();
        farm.core().leases().heard("one");
        farm.pass(Duration.ofMinutes(8));

        assertThat(farm.job(run, "build").conclusion()).isEqualTo(Conclusion.TIMED_OUT);
    }

    @Test
    void restartDoesNotTakeTheAgentsClockForAnOverrun() {
        farm.agent("one", 1, "linux");
        long run = farm.submit(BUILD.replace("steps", "timeout-minutes: 3, steps"));
        AttemptId attempt = farm.job(run, "build").latestAttempt();
        var hoursAgo = farm.time.now().minus(Duration.ofHours(2));
        farm.report(
                attempt,
                new AttemptReport(
                        1, hoursAgo, List.of(), List.of(), new TreeMap<>(), null, null, null));

        farm.restart();
        farm.pass(Duration.ofSeconds(1));

        assertThat(farm.job(run, "build").cancelRequested()).isFalse();
    }

    @Test
    void clockThatIsSetEndsNeitherLeaseNorTimeLimit() {
        farm.agent("one", 1, "linux");
        long run = farm.submit(BUILD.replace("steps", "timeout-minutes: 30, steps"));
        farm.start(farm.job(run, "build"));

        for (int hours : List.of(1, -2, 1)) {
            farm.time.step(Duration.ofHours(hours));
            farm.core().leases().heard("one");
            farm.pass(Duration.ofMinutes(5));
        }

        assertThat(farm.job(run, "build").status()).isEqualTo(Status.RUNNING);
        assertThat(farm.job(run, "build").cancelRequested()).isFalse();
        farm.succeed(farm.job(run, "build"));
        assertThat(farm.records(run).run().conclusion()).isEqualTo(Conclusion.SUCCESS);
    }

    @Test
    void repeatedReportChangesNothing() {
        farm.agent("one", 1, "linux");
        long run = farm.submit(BUILD);
        farm.start(farm.job(run, "build"));
        int before = farm.history().size();

        farm.start(farm.job(run, "build"));

        assertThat(farm.history()).hasSize(before);
    }

    private String agentOf(long run) {
        return attempt(farm.job(run, "build").latestAttempt()).lease().agentId();
    }

    private AttemptState attempt(AttemptId id) {
        return farm.records(id.run()).attempts().stream()
                .filter(known -> known.id().equals(id))
                .findFirst()
                .orElseThrow();
    }
}
