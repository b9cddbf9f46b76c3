package dev.slipway.coordinator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import com.google.rpc.ErrorInfo;

import dev.slipway.agent.v1.AttemptOrder;
import dev.slipway.agent.v1.AttemptOrder.Action;
import dev.slipway.agent.v1.AttemptState;
import dev.slipway.agent.v1.ExchangeResponse;
import dev.slipway.api.v1.CancelRunRequest;
import dev.slipway.api.v1.Cause;
import dev.slipway.api.v1.Conclusion;
import dev.slipway.api.v1.GetRunRequest;
import dev.slipway.api.v1.GetRunResponse;
import dev.slipway.api.v1.LogServiceGrpc;
import dev.slipway.api.v1.Member;
import dev.slipway.api.v1.ReadLogRequest;
import dev.slipway.api.v1.RunServiceGrpc;
import dev.slipway.api.v1.SubmitRunRequest;
import dev.slipway.api.v1.WatchRunRequest;
import dev.slipway.api.v1.WorkflowFile;

import io.grpc.StatusRuntimeException;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// Two coordinators of one cluster over real gRPC; logs and registry are models in memory.
@Timeout(60)
class ClusterIT {
    private static final String WORKFLOW =
            """
            name: CI
            on: push
            jobs:
              build:
                runs-on: ubuntu-latest
                steps:
                  - run: make
            """;

    private static final Duration QUICK = Duration.ofMillis(50);

    @TempDir Path folder;
    private ClusterFixture cluster;
    private ClusterFixture.Node first;
    private ClusterFixture.Node second;

    @BeforeEach
    void open() throws Exception {
        cluster = new ClusterFixture(folder);
        first = cluster.start("first");
        first.awaitLeads();
        second = cluster.start("second");
    }

    @AfterEach
    void close() {
        cluster.close();
    }

    @Test
    void standbyRefersWritersToTheLeader() {
        assertThatThrownBy(() -> submit(second, "t1"))
                .isInstanceOfSatisfying(
                        StatusRuntimeException.class,
                        problem -> {
                            ErrorInfo info = ClusterFixture.info(problem);
                            assertThat(info.getReason()).isEqualTo("NOT_LEADER");
                            assertThat(info.getMetadataMap())
                                    .containsEntry("leader", first.address());
                        });
    }

    @Test
    void standbyAnswersReadsFromThePositionThatIsAskedFor() {
        var submitted = submit(first, "t1");

        var seen =
                RunServiceGrpc.newBlockingStub(second.channel())
                        .getRun(
                                GetRunRequest.newBuilder()
                                        .setRun(submitted.getRun())
                                        .setAtLeastPosition(submitted.getPosition())
                                        .build());

        assertThat(seen.getPosition()).isGreaterThanOrEqualTo(submitted.getPosition());
        assertThat(seen.getRun().getNumber()).isEqualTo(submitted.getRun());
        assertThatThrownBy(
                        () ->
                                RunServiceGrpc.newBlockingStub(second.channel())
                                        .getRun(
                                                GetRunRequest.newBuilder()
                                                        .setRun(1)
                                                        .setAtLeastPosition(1_000)
                                                        .build()))
                .hasMessageContaining("not to 1000");
    }

    @Test
    void currentReadsAreAnsweredByTheLeaderOnly() {
        long run = submit(first, "t1").getRun();

        assertThat(current(first, run).getRun().getNumber()).isEqualTo(run);
        assertThatThrownBy(() -> current(second, run))
                .satisfies(problem -> assertNotLeader(problem, first.address()));
    }

    @Test
    void leaderThatIsNotCertainToLeadGivesNoCurrentAnswer() {
        long run = submit(first, "t1").getRun();

        cluster.registry.suspend("first", true);

        assertThatThrownBy(() -> current(first, run))
                .satisfies(problem -> assertNotLeader(problem, null));
        assertThat(get(first, run).getPosition()).as("it tells how old it is").isPositive();
        cluster.registry.suspend("first", false);
        assertThat(current(first, run).getRun().getNumber()).isEqualTo(run);
    }

    @Test
    void leaderThatIsNotCertainToLeadDoesNotRefuseWhatItMayHaveMissed() {
        submit(first, "t1");

        cluster.registry.suspend("first", true);

        assertThatThrownBy(() -> cancel(first, 77))
                .as("another leader may know run 77")
                .satisfies(problem -> assertNotLeader(problem, null));
        assertThatThrownBy(() -> submit(first, "t1"))
                .as("nor that it exists already")
                .satisfies(problem -> assertNotLeader(problem, null));
        cluster.registry.suspend("first", false);
        assertThatThrownBy(() -> cancel(first, 77)).hasMessageContaining("NOT_FOUND");
        assertThat(submit(first, "t1").getExisted()).isTrue();
    }

    @Test
    void runThatAStandbyDoesNotKnowIsAskedOfTheLeader() {
        assertThatThrownBy(() -> get(second, 77))
                .satisfies(problem -> assertNotLeader(problem, first.address()));
        assertThatThrownBy(() -> get(first, 77)).hasMessageContaining("NOT_FOUND");
    }

    private static void assertNotLeader(Throwable problem, String leader) {
        ErrorInfo info = ClusterFixture.info((StatusRuntimeException) problem);
        assertThat(info.getReason()).isEqualTo("NOT_LEADER");
        assertThat(info.getMetadataMap().get("leader")).isEqualTo(leader);
    }

    private static GetRunResponse current(ClusterFixture.Node node, long run) {
        return RunServiceGrpc.newBlockingStub(node.channel())
                .getRun(GetRunRequest.newBuilder().setRun(run).setCurrent(true).build());
    }

    private static GetRunResponse get(ClusterFixture.Node node, long run) {
        return RunServiceGrpc.newBlockingStub(node.channel())
                .getRun(GetRunRequest.newBuilder().setRun(run).build());
    }

    private static void cancel(ClusterFixture.Node node, long run) {
        RunServiceGrpc.newBlockingStub(node.channel())
                .cancelRun(CancelRunRequest.newBuilder().setRun(run).build());
    }

    @Test
    void runGoesOnAtTheNextLeaderWhenTheFirstOneDies() throws Exception {
        long run = submit(first, "t1").getRun();
        AttemptOrder order;
        try (var agent = new ScriptedAgent(first.newChannel(), "a1", "one")) {
            agent.join(List.of());
            order = agent.await(Action.ACTION_RUN);
            agent.tell(agent.running(order.getToken()));
            agent.print(order.getToken(), 0, false, "before");
            assertThat(agent.acknowledgement().getAcknowledgedTo()).isEqualTo(10);
            agent.awaitAcknowledged();
            first.kill();
        }
        second.awaitLeads();

        try (var agent = new ScriptedAgent(second.newChannel(), "a1", "one")) {
            agent.join(List.of(agent.running(order.getToken())));
            var back = (ExchangeResponse) agent.next();
            assertThat(back.getEpoch()).isEqualTo(2);
            assertThat(back.getAttempts(0).getAction()).isEqualTo(Action.ACTION_RUN);
            assertThat(back.getAttempts(0).getToken()).isEqualTo(order.getToken());
            agent.print(order.getToken(), 0, false, "before");
            assertThat(agent.acknowledgement().getAcknowledgedTo())
                    .as("what the first leader acknowledged is here")
                    .isEqualTo(10);
            agent.print(order.getToken(), 1, true, "after");
            agent.tell(agent.finished(order.getToken(), 20));
            agent.await(Action.ACTION_FORGET);
        }
        assertThat(watch(second, run)).isEqualTo(Conclusion.CONCLUSION_SUCCESS);
        assertThat(log(second, run)).containsExactly("before", "after");
    }

    @Test
    void cancelAskedForBeforeAFailoverIsHonouredAfterIt() throws Exception {
        long run = submit(first, "t1").getRun();
        AttemptState acknowledging;
        try (var agent = new ScriptedAgent(first.newChannel(), "a1", "one")) {
            agent.join(List.of());
            var token = agent.await(Action.ACTION_RUN).getToken();
            agent.tell(agent.running(token));
            RunServiceGrpc.newBlockingStub(first.channel())
                    .cancelRun(CancelRunRequest.newBuilder().setRun(run).setReason("no").build());
            agent.await(Action.ACTION_CANCEL);
            AttemptState running = agent.running(token);
            acknowledging =
                    running.toBuilder().setCancelAcknowledgedAt(running.getStartedAt()).build();
            first.kill();
        }
        second.awaitLeads();

        try (var agent = new ScriptedAgent(second.newChannel(), "a1", "one")) {
            agent.join(List.of(acknowledging));
            AttemptOrder order = agent.await(Action.ACTION_CANCEL);
            assertThat(order.getReason()).isEqualTo("no");
            agent.print(order.getToken(), 0, true, "over");
            AttemptState ended = agent.finished(order.getToken(), 10);
            agent.tell(
                    ended.toBuilder()
                            .setRevision(acknowledging.getRevision() + 1)
                            .setCancelAcknowledgedAt(acknowledging.getCancelAcknowledgedAt())
                            .setResult(
                                    ended.getResult().toBuilder()
                                            .setConclusion(Conclusion.CONCLUSION_CANCELLED)
                                            .setCause(Cause.CAUSE_CANCELLED))
                            .build());
            agent.await(Action.ACTION_FORGET);
        }
        assertThat(watch(second, run)).isEqualTo(Conclusion.CONCLUSION_CANCELLED);
        var shown =
                RunServiceGrpc.newBlockingStub(second.channel())
                        .getRun(GetRunRequest.newBuilder().setRun(run).build());
        var attempt = shown.getJobs(0).getAttempts(0);
        assertThat(shown.getRun().getCancelRequested()).isTrue();
        assertThat(attempt.hasCancelAcknowledgedAt()).isTrue();
        assertThat(attempt.hasFinishedAt()).isTrue();
    }

    @Test
    void deposedLeaderFollowsWithoutARestartAndLeadsAgain() throws Exception {
        submit(first, "t1");
        cluster.registry.expire("first");
        second.awaitLeads();

        var submitted = submit(second, "t2");
        first.awaitPosition(submitted.getPosition());
        assertThat(first.coordinator().leads()).isFalse();
        assertThat(first.farm().getStandby()).isTrue();
        assertThat(first.farm().getLeaderAddress()).isEqualTo(second.address());
        assertThat(first.farm().getRunsActive()).isEqualTo(2);

        cluster.registry.expire("second");
        first.awaitLeads();
        assertThat(submit(first, "t1").getExisted()).isTrue();
        assertThat(first.farm().getEpoch()).isEqualTo(3);
    }

    @Test
    void leaderThatCannotAppendStepsDownAndLosesNothing() throws Exception {
        submit(first, "t1");
        cluster.logs.next(
                dev.slipway.coordinator.journal.InMemoryClusterLogs.Fault.ACKNOWLEDGEMENT_LOST);

        assertThatThrownBy(() -> submit(first, "t2")).hasMessageContaining("UNAVAILABLE");

        second.awaitLeads();
        assertThat(submit(second, "t2").getExisted())
                .as("it was durable although nobody was told")
                .isTrue();
    }

    @Test
    void suspendedLeaderTakesNoMessageOfAnAgent() throws Exception {
        try (var agent = new ScriptedAgent(first.newChannel(), "a1", "one")) {
            agent.join(List.of());
            assertThat(agent.next()).isInstanceOf(ExchangeResponse.class);
            cluster.registry.suspend("first", true);
            agent.tell(dev.slipway.agent.v1.AttemptState.getDefaultInstance());

            assertThat(agent.next())
                    .isInstanceOfSatisfying(
                            StatusRuntimeException.class,
                            problem ->
                                    assertThat(ClusterFixture.info(problem).getReason())
                                            .isEqualTo("NOT_LEADER"));
        }
    }

    @Test
    void membersShowWhoLeadsAndHowFarTheOthersAre() throws Exception {
        var submitted = submit(first, "t1");
        second.awaitPosition(submitted.getPosition());

        List<Member> members = second.awaitMembers(2, submitted.getPosition());

        assertThat(members).extracting(Member::getId).containsExactly("first", "second");
        assertThat(members).extracting(Member::getLeads).containsExactly(true, false);
        assertThat(members).extracting(Member::getEpoch).containsOnly(1L);
        assertThat(members.getFirst().getAddress()).isEqualTo(first.address());
        assertThat(members.get(1).getControlLag()).isZero();
    }

    @Test
    void standbyGetsTheLastEntryOfAnIdleLogAlsoWhenNobodyConfirmsIt() throws Exception {
        cluster.logs.next(dev.slipway.coordinator.journal.InMemoryClusterLogs.Fault.UNCONFIRMED);

        var submitted = submit(first, "t1");

        second.awaitPosition(submitted.getPosition());
        second.awaitPosition(submit(first, "t2").getPosition());
    }

    @Test
    void restartedStandbyGoesOnFromItsTables() throws Exception {
        second.awaitPosition(submit(first, "t1").getPosition());
        second.kill();
        var later = submit(first, "t2");

        second = cluster.start("second");

        second.awaitPosition(later.getPosition());
        assertThat(second.farm().getRunsActive()).isEqualTo(2);
    }

    @Test
    void standbyBehindTheKeptLogsStartsAgainWithTheLeadersData() throws Exception {
        cluster.pace = new ClusterAccess.Pace(QUICK, QUICK, 0, 0);
        restartFirst();
        second.kill();
        long run = submit(first, "t1").getRun();
        try (var agent = new ScriptedAgent(first.newChannel(), "a1", "one")) {
            agent.join(List.of());
            AttemptOrder order = agent.await(Action.ACTION_RUN);
            agent.print(order.getToken(), 0, true, "kept in the checkpoint");
            agent.tell(agent.finished(order.getToken(), 10));
            agent.await(Action.ACTION_FORGET);
        }
        cluster.awaitTrimmed();

        second = cluster.start("second");
        assertThat(second.coordinator().awaitFailure()).isInstanceOf(NewDataException.class);
        second.kill();
        second = cluster.start("second");
        second.awaitPosition(first.farm().getPosition());

        assertThat(log(second, run)).containsExactly("kept in the checkpoint");
        first.kill();
        second.awaitLeads();
        assertThat(submit(second, "t1").getExisted()).isTrue();
    }

    private void restartFirst() throws InterruptedException {
        first.kill();
        second.awaitLeads();
        first = cluster.start("first");
        second.kill();
        first.awaitLeads();
    }

    @Test
    void dataOfAClusterIsRefusedByACoordinatorThatIsAlone() throws Exception {
        submit(first, "t1");
        first.kill();

        assertThatThrownBy(() -> cluster.startAlone("first"))
                .hasMessageContaining("coordinator of a cluster");
    }

    private static dev.slipway.api.v1.SubmitRunResponse submit(
            ClusterFixture.Node node, String token) {
        return RunServiceGrpc.newBlockingStub(node.channel())
                .submitRun(
                        SubmitRunRequest.newBuilder()
                                .setClientToken(token)
                                .setProject("shop")
                                .setWorkflow(
                                        WorkflowFile.newBuilder()
                                                .setPath(".github/workflows/ci.yml")
                                                .setSource(ByteString.copyFromUtf8(WORKFLOW)))
                                .setEventName("push")
                                .setRef("refs/heads/main")
                                .build());
    }

    private static Conclusion watch(ClusterFixture.Node node, long run) {
        var changes =
                RunServiceGrpc.newBlockingStub(node.channel())
                        .watchRun(WatchRunRequest.newBuilder().setRun(run).build());
        var last = Conclusion.CONCLUSION_UNSPECIFIED;
        while (changes.hasNext()) {
            last = changes.next().getRun().getConclusion();
        }
        return last;
    }

    private static List<String> log(ClusterFixture.Node node, long run) {
        var lines = new ArrayList<String>();
        LogServiceGrpc.newBlockingStub(node.channel())
                .readLog(ReadLogRequest.newBuilder().setRun(run).setFollow(true).build())
                .forEachRemaining(
                        answer ->
                                answer.getLinesList()
                                        .forEach(line -> lines.add(line.getText().toStringUtf8())));
        return lines;
    }
}
