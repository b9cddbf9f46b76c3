package dev.slipway.coordinator.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.coordinator.model.AgentInfo;
import dev.slipway.coordinator.model.Cause;
import dev.slipway.coordinator.model.Command;
import dev.slipway.coordinator.model.Conclusion;
import dev.slipway.coordinator.model.JobState;
import dev.slipway.coordinator.model.Status;
import dev.slipway.error.ErrorCode;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.List;
import java.util.Map;

/// Agents that keep failing or keep coming and going, and agents that are not what they say.
class QuarantineTest {
    private static final String BUILD =
            """
            on: push
            jobs:
              build: {runs-on: linux, steps: [{run: make}]}
            """;

    private final EngineFixture farm = new EngineFixture();
    private int connection = 100;

    @AfterEach
    void replayEqualsLive() {
        farm.checkReplay();
    }

    @Test
    void agentThatFailsThreeJobsGetsNoneAndSaysWhy() {
        farm.agent("bad", 1, "linux");
        failJobs(3);

        long waiting = farm.submit(BUILD);

        assertThat(job(waiting).status()).isEqualTo(Status.QUEUED);
        assertThat(view("bad").quarantine())
                .contains("in quarantine until", "3 jobs failed on it", "the disk is broken");
        assertThat(farm.explain(waiting))
                .singleElement()
                .satisfies(
                        why -> {
                            assertThat(why.reason()).contains("bad (in quarantine until");
                            assertThat(why.advice()).contains("slipway resume");
                        });
    }

    @Test
    void agentThatIsLostWithFourJobsFailedOnce() {
        farm.agent("busy", 4, "linux");
        List<Long> runs = List.of(1, 2, 3, 4).stream().map(i -> farm.submit(BUILD)).toList();
        runs.forEach(run -> farm.start(job(run)));

        farm.turn(new Command.AgentGone("busy", 1));
        farm.pass(Duration.ofMinutes(20));
        farm.agent("busy", 4, "linux");

        assertThat(view("busy").quarantine()).isEmpty();
        assertThat(runs).allMatch(run -> job(run).status() == Status.LEASED);
    }

    @Test
    void jobsOfAQuarantinedAgentGoElsewhere() {
        farm.agent("bad", 1, "linux");
        failJobs(3);
        long waiting = farm.submit(BUILD);

        farm.agent("good", 1, "linux");

        assertThat(agentOf(waiting)).isEqualTo("good");
    }

    @Test
    void quarantineEndsByItselfAndLastsLongerTheNextTime() {
        farm.agent("bad", 1, "linux");
        failJobs(3);
        long waiting = farm.submit(BUILD);
        farm.pass(Quarantine.FIRST.minusSeconds(1));
        assertThat(job(waiting).status()).isEqualTo(Status.QUEUED);

        farm.pass(Duration.ofSeconds(1));
        assertThat(job(waiting).status()).isEqualTo(Status.LEASED);
        failAndCancel(waiting);
        failJobs(2);
        long next = farm.submit(BUILD);
        farm.pass(Quarantine.FIRST);
        assertThat(job(next).status()).isEqualTo(Status.QUEUED);
        farm.pass(Quarantine.FIRST);
        assertThat(job(next).status()).isEqualTo(Status.LEASED);
    }

    @Test
    void jobThatFailsEverywhereCountsOnce() {
        farm.agent("one", 1, "linux");
        long run = farm.submit(BUILD);
        for (int i = 0; i < 3; i++) {
            failJob(job(run));
        }

        assertThat(job(run).conclusion()).isEqualTo(Conclusion.FAILURE);
        assertThat(view("one").quarantine()).isEmpty();
    }

    @Test
    void jobThatRanToItsOwnEndBeginsTheCountAnew() {
        farm.agent("one", 1, "linux");
        failJobs(2);
        farm.fail(job(farm.submit(BUILD)));

        failJobs(2);

        assertThat(view("one").quarantine()).isEmpty();
    }

    @Test
    void failuresLongAgoDoNotCount() {
        farm.agent("one", 1, "linux");
        failJobs(2);

        farm.pass(Quarantine.WINDOW.plusSeconds(1));
        failJobs(1);

        assertThat(view("one").quarantine()).isEmpty();
    }

    @Test
    void resumeEndsAQuarantine() {
        farm.agent("bad", 1, "linux");
        failJobs(3);
        long waiting = farm.submit(BUILD);

        farm.accept(new Command.ResumeAgent("bad", "ann"));

        assertThat(job(waiting).status()).isEqualTo(Status.LEASED);
        farm.pass(Quarantine.LONGEST);
        assertThat(view("bad").quarantine()).isEmpty();
    }

    @Test
    void leasesThatAreLostCount() {
        farm.agent("bad", 3, "linux");
        List<Long> runs = List.of(1, 2, 3).stream().map(i -> farm.submit(BUILD)).toList();
        runs.forEach(run -> farm.start(job(run)));
        farm.accept(new Command.AgentGone("bad", 1));
        farm.pass(Duration.ofMinutes(12));
        farm.agent("bad", 3, "linux");

        for (long run : runs.subList(0, 2)) {
            farm.end(job(run), Conclusion.FAILURE, Cause.INFRASTRUCTURE, Map.of());
        }

        assertThat(view("bad").quarantine()).contains("3 jobs failed on it");
    }

    @Test
    void agentThatComesAndGoesGetsNoJobs() {
        farm.agent("steady", 0, "linux");
        reconnect("flapping", Quarantine.CONNECTIONS);

        long waiting = farm.submit(BUILD);

        assertThat(job(waiting).status()).isEqualTo(Status.QUEUED);
        assertThat(view("flapping").quarantine()).contains("it connected 6 times");
        farm.pass(Quarantine.FIRST);
        assertThat(job(waiting).status()).isEqualTo(Status.LEASED);
    }

    @Test
    void networkThatFlapsPutsAtMostHalfOfTheAgentsAway() {
        for (String name : List.of("a", "b", "c", "d")) {
            farm.agent(name, 1, "linux");
        }

        for (int i = 0; i < 10; i++) {
            for (String name : List.of("a", "b", "c", "d")) {
                reconnect(name, 1);
            }
        }

        assertThat(farm.agents()).filteredOn(agent -> !agent.quarantine().isEmpty()).hasSize(2);
    }

    @Test
    void lonelyAgentIsNotPutAwayForItsNetwork() {
        reconnect("only", 20);

        assertThat(view("only").quarantine()).isEmpty();
    }

    @Test
    void twoProcessesWithOneIdentityAreTold() {
        farm.accept(new Command.AgentConnected(process("copied", "p1"), ++connection));
        farm.accept(new Command.AgentConnected(process("copied", "p2"), ++connection));

        var refusal =
                farm.refuse(new Command.AgentConnected(process("copied", "p1"), ++connection));

        assertThat(refusal.code()).isEqualTo(ErrorCode.AGENT_NAME_TAKEN);
        assertThat(refusal.message()).contains("its work directory was copied");
        farm.accept(new Command.AgentConnected(process("copied", "p2"), ++connection));
    }

    @Test
    void attemptThatItsAgentNeverBeginsEnds() {
        farm.agent("idle", 1, "linux");
        long run = farm.submit(BUILD.replace("steps", "timeout-minutes: 3, steps"));

        for (int i = 0; i < 10; i++) {
            farm.pass(Duration.ofMinutes(3));
            farm.core().leases().heard("idle");
        }

        assertThat(job(run).conclusion()).isEqualTo(Conclusion.TIMED_OUT);
    }

    /// Runs jobs one after the other that fail at the agent that has the only free slot.
    private void failJobs(int count) {
        for (int i = 0; i < count; i++) {
            long run = farm.submit(BUILD);
            assertThat(job(run).status()).isEqualTo(Status.LEASED);
            failAndCancel(run);
        }
    }

    private void failAndCancel(long run) {
        failJob(job(run));
        farm.accept(new Command.CancelRun(run, "", "enough", "ann", false));
        if (!job(run).finished()) {
            farm.end(job(run), Conclusion.CANCELLED, Cause.CANCELLED, Map.of());
        }
    }

    private void failJob(JobState job) {
        farm.start(job);
        farm.report(
                job.latestAttempt(),
                farm.report(
                        9,
                        farm.result(
                                Conclusion.FAILURE,
                                Cause.INFRASTRUCTURE,
                                "the disk is broken",
                                Map.of())));
    }

    private void reconnect(String agent, int times) {
        for (int i = 0; i < times; i++) {
            farm.accept(
                    new Command.AgentConnected(
                            EngineFixture.info(agent, 1, "linux"), ++connection));
        }
    }

    private static AgentInfo process(String id, String process) {
        AgentInfo info = EngineFixture.info(id, 1, "linux");
        return new AgentInfo(
                id,
                info.name(),
                info.bootId(),
                process,
                info.version(),
                info.slots(),
                info.labels(),
                info.os(),
                info.arch(),
                false,
                "",
                List.of());
    }

    private AgentView view(String id) {
        return farm.agents().stream()
                .filter(agent -> agent.info().id().equals(id))
                .findFirst()
                .orElseThrow();
    }

    private String agentOf(long run) {
        return farm.farm().attempt(job(run).latestAttempt()).orElseThrow().lease().agentId();
    }

    private JobState job(long run) {
        return farm.job(run, "build");
    }
}
