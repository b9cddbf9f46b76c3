package dev.slipway.coordinator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;

import dev.slipway.agent.v1.AttemptOrder;
import dev.slipway.agent.v1.AttemptOrder.Action;
import dev.slipway.agent.v1.ExchangeResponse;
import dev.slipway.agent.v1.JobSpec;
import dev.slipway.api.v1.AgentServiceGrpc;
import dev.slipway.api.v1.CancelRunRequest;
import dev.slipway.api.v1.Conclusion;
import dev.slipway.api.v1.ExplainRunRequest;
import dev.slipway.api.v1.FarmServiceGrpc;
import dev.slipway.api.v1.GetFarmRequest;
import dev.slipway.api.v1.GetRunRequest;
import dev.slipway.api.v1.ListAgentsRequest;
import dev.slipway.api.v1.ListRunsRequest;
import dev.slipway.api.v1.LogServiceGrpc;
import dev.slipway.api.v1.ReadLogRequest;
import dev.slipway.api.v1.RerunRunRequest;
import dev.slipway.api.v1.RunServiceGrpc;
import dev.slipway.api.v1.Status;
import dev.slipway.api.v1.SubmitRunRequest;
import dev.slipway.api.v1.WatchRunRequest;
import dev.slipway.api.v1.WorkflowFile;
import dev.slipway.coordinator.settings.CoordinatorSettings;
import dev.slipway.error.SlipwayException;
import dev.slipway.time.SystemTimers;

import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.protobuf.StatusProto;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;

/// A whole coordinator over real gRPC, with scripted agents.
@Timeout(60)
class CoordinatorIT {
    private static final String WORKFLOW =
            """
            name: CI
            on: push
            jobs:
              build:
                runs-on: ubuntu-latest
                outputs:
                  version: ${{ steps.x.outputs.version }}
                steps:
                  - run: make
              test:
                needs: build
                runs-on: ubuntu-latest
                steps:
                  - run: make test VERSION=${{ needs.build.outputs.version }}
            """;

    @TempDir Path folder;
    private SystemTimers timers;
    private Coordinator coordinator;
    private ManagedChannel channel;
    private int port;

    @BeforeEach
    void open() throws Exception {
        timers = new SystemTimers("test-timers");
        restart(0);
    }

    private void restart(int wanted) throws Exception {
        var settings =
                CoordinatorSettings.read(
                        Map.of(
                                "data",
                                folder.resolve("data").toString(),
                                "listen",
                                "127.0.0.1:" + wanted),
                        Map.of(),
                        Map.of());
        coordinator = Coordinator.open(settings, Coordinator.Ports.system(timers), "test");
        port = coordinator.start().grpc().port();
        channel = channel();
    }

    private ManagedChannel channel() {
        return NettyChannelBuilder.forAddress("127.0.0.1", port).usePlaintext().build();
    }

    @AfterEach
    void close() {
        channel.shutdownNow();
        coordinator.close();
        timers.close();
    }

    @Test
    void eventThatIsNoJsonObjectIsRefusedAndHarmsNobody() {
        for (String payload : List.of("[1", "[1]", "x", "{\"a\":")) {
            var request = request(WORKFLOW).setEventJson(payload).build();

            assertThatThrownBy(() -> RunServiceGrpc.newBlockingStub(channel).submitRun(request))
                    .hasMessageStartingWith("INVALID_ARGUMENT")
                    .hasMessageContaining("event_json");
        }
        assertThat(submit(WORKFLOW, Map.of())).isPositive();
    }

    @Test
    void healthIsToldForTheServerAndEveryService() {
        var health = HealthGrpc.newBlockingStub(channel);

        for (String service : List.of("", RunServiceGrpc.SERVICE_NAME)) {
            var answer = health.check(HealthCheckRequest.newBuilder().setService(service).build());
            assertThat(answer.getStatus()).isEqualTo(ServingStatus.SERVING);
        }
    }

    @Test
    void portThatIsTakenIsNamed() throws Exception {
        var settings =
                CoordinatorSettings.read(
                        Map.of(
                                "data",
                                folder.resolve("other").toString(),
                                "listen",
                                "127.0.0.1:" + port),
                        Map.of(),
                        Map.of());
        try (Coordinator second =
                Coordinator.open(settings, Coordinator.Ports.system(timers), "test")) {

            assertThatThrownBy(second::start)
                    .isInstanceOf(SlipwayException.class)
                    .hasMessageContaining("Cannot listen on 127.0.0.1:" + port)
                    .hasMessageContaining("--listen");
        }
    }

    @Test
    void runGoesFromSubmissionToTheLastLogLine() throws Exception {
        long run = submit(WORKFLOW, Map.of("TOKEN", "s3cr3t-value"));
        try (var agent = new ScriptedAgent(channel(), "a1", "one")) {
            agent.join(List.of());
            AttemptOrder build = agent.await(Action.ACTION_RUN);
            JobSpec spec = agent.spec(build.getToken());
            assertThat(spec.getJobId()).isEqualTo("build");
            assertThat(spec.getSecretsMap()).containsEntry("TOKEN", "s3cr3t-value");
            assertThat(spec.getContextsJsonMap().get("github")).contains("\"run_id\":\"1\"");

            agent.tell(agent.running(build.getToken()));
            agent.print(build.getToken(), 0, false, "compiling", "done");
            agent.print(build.getToken(), 1, true, "end of build");
            agent.tell(agent.finished(build.getToken(), 20));
            assertThat(agent.await(Action.ACTION_FORGET).getToken()).isEqualTo(build.getToken());

            AttemptOrder test = agent.await(Action.ACTION_RUN);
            JobSpec next = agent.spec(test.getToken());
            assertThat(next.getContextsJsonMap().get("needs")).contains("\"version\":\"1.2\"");
            agent.print(test.getToken(), 0, true, "tested");
            agent.tell(agent.finished(test.getToken(), 10));
            agent.await(Action.ACTION_FORGET);
        }

        var shown = runs().getRun(GetRunRequest.newBuilder().setRun(run).build());
        assertThat(shown.getRun().getStatus()).isEqualTo(Status.STATUS_FINISHED);
        assertThat(shown.getRun().getConclusion()).isEqualTo(Conclusion.CONCLUSION_SUCCESS);
        assertThat(shown.getJobsList()).extracting("name").containsExactly("build", "test");
        assertThat(shown.getJobs(0).getAttempts(0).getSteps(0).getLogBytes()).isEqualTo(20);
        assertThat(log(run, false)).containsExactly("compiling", "done", "end of build", "tested");
        assertThat(runs().listRuns(ListRunsRequest.getDefaultInstance()).getRunsList()).hasSize(1);
        assertThat(
                        FarmServiceGrpc.newBlockingStub(channel)
                                .getFarm(GetFarmRequest.getDefaultInstance())
                                .getRunsActive())
                .isZero();
    }

    @Test
    void endIsRecordedOnlyWhenItsLogIsWhole() throws Exception {
        long run = submit(WORKFLOW, Map.of());
        try (var agent = new ScriptedAgent(channel(), "a1", "one")) {
            agent.join(List.of());
            var token = agent.await(Action.ACTION_RUN).getToken();
            agent.tell(agent.finished(token, 20));
            agent.awaitAcknowledged();
            assertThat(attemptStatus(run)).isEqualTo(Status.STATUS_RUNNING);

            agent.print(token, 0, false, "first");
            agent.acknowledgement();
            assertThat(attemptStatus(run)).isEqualTo(Status.STATUS_RUNNING);

            agent.print(token, 1, true, "second");
            agent.await(Action.ACTION_FORGET);
            assertThat(attemptStatus(run)).isEqualTo(Status.STATUS_FINISHED);
        }
    }

    @Test
    void runningJobOutlivesTheCoordinator() throws Exception {
        long run = submit(WORKFLOW, Map.of("TOKEN", "s3cr3t-value"));
        var first = new ScriptedAgent(channel(), "a1", "one");
        first.join(List.of());
        var token = first.await(Action.ACTION_RUN).getToken();
        var state = first.running(token);
        first.tell(state);
        first.awaitAcknowledged();
        first.print(token, 0, false, "before");
        first.acknowledgement();
        channel.shutdownNow();
        coordinator.close();
        restart(port);
        first.close();

        try (var agent = new ScriptedAgent(channel(), "a1", "one")) {
            agent.join(List.of(state));
            assertThat(agent.await(Action.ACTION_RUN).getToken()).isEqualTo(token);
            assertThat(agent.spec(token).getSecretsMap()).containsKey("TOKEN");
            agent.print(token, 0, false, "before");
            assertThat(agent.acknowledgement().getNextIndex()).isEqualTo(1);
            agent.print(token, 1, true, "after");
            agent.tell(agent.finished(token, 20));
            agent.await(Action.ACTION_FORGET);
        }

        assertThat(log(run, false)).containsExactly("before", "after");
        assertThat(coordinator.epoch()).isEqualTo(2);
    }

    @Test
    void greetingThatArrivesLateLosesNothing() throws Exception {
        long run = submit(WORKFLOW, Map.of());
        try (var agent = new ScriptedAgent(channel(), "a1", "one");
                var past = new ScriptedAgent(channel(), "a1", "one")) {
            agent.join(List.of());
            agent.tell(agent.running(agent.await(Action.ACTION_RUN).getToken()));
            agent.awaitAcknowledged();

            past.join(List.of());
            past.awaitAcknowledged();

            assertThat(attemptStatus(run)).isEqualTo(Status.STATUS_RUNNING);
        }
    }

    @Test
    void attemptThatItsAgentNoLongerKnowsIsLost() throws Exception {
        long run = submit(WORKFLOW, Map.of());
        try (var before = new ScriptedAgent(channel(), "a1", "one");
                var after = new ScriptedAgent(channel(), "a1", "one")) {
            before.join(List.of());
            before.tell(before.running(before.await(Action.ACTION_RUN).getToken()));
            before.awaitAcknowledged();

            after.join(List.of());
            after.awaitAcknowledged();
            after.beat();
            after.awaitAcknowledged();

            assertThat(attemptStatus(run)).isEqualTo(Status.STATUS_FINISHED);
        }
    }

    @Test
    void followerSeesLinesAsTheyComeAndEndsWithTheRun() throws Exception {
        long run = submit(WORKFLOW.substring(0, WORKFLOW.indexOf("  test:")), Map.of());
        var seen = new ArrayList<String>();
        var first = new CountDownLatch(1);
        var follower =
                Thread.ofVirtual()
                        .start(
                                () ->
                                        LogServiceGrpc.newBlockingStub(channel)
                                                .readLog(
                                                        ReadLogRequest.newBuilder()
                                                                .setRun(run)
                                                                .setFollow(true)
                                                                .build())
                                                .forEachRemaining(
                                                        page -> {
                                                            page.getLinesList()
                                                                    .forEach(
                                                                            line ->
                                                                                    seen.add(
                                                                                            line.getText()
                                                                                                    .toStringUtf8()));
                                                            first.countDown();
                                                        }));
        try (var agent = new ScriptedAgent(channel(), "a1", "one")) {
            agent.join(List.of());
            var token = agent.await(Action.ACTION_RUN).getToken();
            agent.print(token, 0, false, "one");
            first.await();
            agent.print(token, 1, true, "two");
            agent.tell(agent.finished(token, 20));
            agent.await(Action.ACTION_FORGET);
        }
        follower.join();

        assertThat(seen).containsExactly("one", "two");
    }

    @Test
    void watchingEndsWithTheFinishedRun() throws Exception {
        long run = submit(WORKFLOW, Map.of());
        var updates = runs().watchRun(WatchRunRequest.newBuilder().setRun(run).build());
        assertThat(updates.next().getJobsList()).hasSize(2);

        runs().cancelRun(CancelRunRequest.newBuilder().setRun(run).build());

        var last = updates.next();
        while (updates.hasNext()) {
            last = updates.next();
        }
        assertThat(last.getRun().getConclusion()).isEqualTo(Conclusion.CONCLUSION_CANCELLED);
    }

    @Test
    void cancelReachesTheAgent() throws Exception {
        long run = submit(WORKFLOW, Map.of());
        try (var agent = new ScriptedAgent(channel(), "a1", "one")) {
            agent.join(List.of());
            var token = agent.await(Action.ACTION_RUN).getToken();
            agent.tell(agent.running(token));

            runs().cancelRun(CancelRunRequest.newBuilder().setRun(run).setReason("enough").build());

            AttemptOrder order = agent.await(Action.ACTION_CANCEL);
            assertThat(order.getToken()).isEqualTo(token);
            assertThat(order.getReason()).isEqualTo("enough");
        }
    }

    @Test
    void secondAgentOfANameIsRefused() throws Exception {
        try (var one = new ScriptedAgent(channel(), "a1", "one");
                var other = new ScriptedAgent(channel(), "a2", "one")) {
            one.join(List.of());
            one.awaitAcknowledged();
            other.join(List.of());

            assertThat(other.next())
                    .isInstanceOfSatisfying(
                            ExchangeResponse.class,
                            refused -> assertThat(refused.getRefusedReason()).contains("one"));
        }
    }

    @Test
    void staleTokenCannotSendOutput() throws Exception {
        submit(WORKFLOW, Map.of());
        try (var agent = new ScriptedAgent(channel(), "a1", "one")) {
            agent.join(List.of());
            var token = agent.await(Action.ACTION_RUN).getToken();
            agent.print(token.toBuilder().setEpoch(99).build(), 0, false, "x");

            assertThat(agent.acknowledgement().getStale()).isTrue();
        }
    }

    @Test
    void waitingJobsAreExplained() {
        long run = submit(WORKFLOW, Map.of());

        var explained = runs().explainRun(ExplainRunRequest.newBuilder().setRun(run).build());

        assertThat(explained.getExplanations(0).getReason()).contains("ubuntu-latest");
    }

    @Test
    void brokenWorkflowIsRefusedWithItsPlace() {
        assertThatThrownBy(() -> submit("on: push\njobs:\n  a:\n    runs-onn: x\n", Map.of()))
                .isInstanceOfSatisfying(
                        StatusRuntimeException.class,
                        problem -> {
                            assertThat(problem.getMessage()).contains("ci.yml:4:5");
                            var status = StatusProto.fromThrowable(problem);
                            assertThat(status.getDetails(0).toString())
                                    .contains("INVALID_WORKFLOW");
                        });
    }

    @Test
    void unknownRunIsSaid() {
        assertThatThrownBy(() -> runs().getRun(GetRunRequest.newBuilder().setRun(77).build()))
                .isInstanceOf(StatusRuntimeException.class)
                .hasMessageContaining("no run 77");
    }

    @Test
    void agentsAreListed() throws Exception {
        try (var agent = new ScriptedAgent(channel(), "a1", "one")) {
            agent.join(List.of());
            agent.awaitAcknowledged();

            var agents =
                    AgentServiceGrpc.newBlockingStub(channel)
                            .listAgents(ListAgentsRequest.getDefaultInstance())
                            .getAgentsList();

            assertThat(agents).hasSize(1);
            assertThat(agents.getFirst().getState()).isEqualTo("idle");
        }
    }

    @Test
    void rerunUsesTheSecretsAgain() throws Exception {
        long run = submit(WORKFLOW, Map.of("TOKEN", "s3cr3t-value"));
        runs().cancelRun(CancelRunRequest.newBuilder().setRun(run).build());

        runs().rerunRun(
                        RerunRunRequest.newBuilder()
                                .setRun(run)
                                .setScope(RerunRunRequest.Scope.SCOPE_ALL)
                                .build());

        try (var agent = new ScriptedAgent(channel(), "a1", "one")) {
            agent.join(List.of());
            var token = agent.await(Action.ACTION_RUN).getToken();
            assertThat(agent.spec(token).getSecretsMap()).containsEntry("TOKEN", "s3cr3t-value");
        }
    }

    @Test
    void secretNeverStoredInClear() throws Exception {
        submit(WORKFLOW, Map.of("TOKEN", "s3cr3t-value"));
        coordinator.close();

        try (Stream<Path> files = Files.walk(folder.resolve("data"))) {
            assertThat(files.filter(Files::isRegularFile))
                    .isNotEmpty()
                    .allSatisfy(
                            file ->
                                    assertThat(Files.readString(file, StandardCharsets.ISO_8859_1))
                                            .doesNotContain("s3cr3t-value"));
        }
    }

    @Test
    void secondCoordinatorOnTheSameDataIsRefused() {
        var settings = CoordinatorSettings.defaults(folder.resolve("data"));

        assertThatThrownBy(
                        () -> Coordinator.open(settings, Coordinator.Ports.system(timers), "test"))
                .isInstanceOf(SlipwayException.class)
                .hasMessageContaining("Another coordinator");
    }

    private Status attemptStatus(long run) {
        return runs().getRun(GetRunRequest.newBuilder().setRun(run).build())
                .getJobs(0)
                .getAttempts(0)
                .getStatus();
    }

    private List<String> log(long run, boolean follow) throws IOException {
        var lines = new ArrayList<String>();
        LogServiceGrpc.newBlockingStub(channel)
                .readLog(ReadLogRequest.newBuilder().setRun(run).setFollow(follow).build())
                .forEachRemaining(
                        page ->
                                page.getLinesList()
                                        .forEach(line -> lines.add(line.getText().toStringUtf8())));
        return lines;
    }

    private long submit(String workflow, Map<String, String> secrets) {
        return runs().submitRun(request(workflow).putAllSecrets(secrets).build()).getRun();
    }

    private static SubmitRunRequest.Builder request(String workflow) {
        return SubmitRunRequest.newBuilder()
                .setProject("shop")
                .setWorkflow(
                        WorkflowFile.newBuilder()
                                .setPath(".github/workflows/ci.yml")
                                .setSource(ByteString.copyFromUtf8(workflow)))
                .setEventName("push")
                .setRef("refs/heads/main")
                .setDefaultBranch("main")
                .setActor("ada");
    }

    private RunServiceGrpc.RunServiceBlockingStub runs() {
        return RunServiceGrpc.newBlockingStub(channel);
    }
}
