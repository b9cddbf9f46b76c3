package dev.slipway.coordinator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;

import dev.slipway.agent.v1.AttemptOrder.Action;
import dev.slipway.agent.v1.BeginDeploymentRequest;
import dev.slipway.agent.v1.BeginDeploymentResponse;
import dev.slipway.agent.v1.DeploymentPhase;
import dev.slipway.agent.v1.DeploymentServiceGrpc;
import dev.slipway.agent.v1.DeploymentServiceGrpc.DeploymentServiceBlockingStub;
import dev.slipway.agent.v1.JobSpec;
import dev.slipway.agent.v1.RecoveryNeeds;
import dev.slipway.agent.v1.ReportDeploymentRequest;
import dev.slipway.agent.v1.Token;
import dev.slipway.api.v1.ConfigureEnvironmentRequest;
import dev.slipway.api.v1.Deployment;
import dev.slipway.api.v1.EnvironmentServiceGrpc;
import dev.slipway.api.v1.GetDoraRequest;
import dev.slipway.api.v1.ListDeploymentsRequest;
import dev.slipway.api.v1.ReviewJobsRequest;
import dev.slipway.api.v1.RollBackRequest;
import dev.slipway.api.v1.RunServiceGrpc;
import dev.slipway.api.v1.SubmitRunRequest;
import dev.slipway.api.v1.TextChanges;
import dev.slipway.api.v1.WorkflowFile;
import dev.slipway.workflow.Step;
import dev.slipway.workflow.StepsJob;
import dev.slipway.workflow.Workflow;
import dev.slipway.workflow.WorkflowParser;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// Deployments over real gRPC, on a real database.
@Timeout(60)
class DeploymentsIT {
    private static final String WORKFLOW =
            "on: push\n"
                    + "jobs:\n"
                    + "  ship: {runs-on: linux, environment: production, steps: [{run: x}]}\n";

    @TempDir Path folder;

    @Test
    void deploymentOfAStepIsRecordedAndSurvivesARestart() throws Exception {
        try (TestFarm farm = farm();
                ScriptedAgent agent = farm.agent("a1", "one")) {
            agent.join(List.of());
            Token token = begin(farm, agent);
            var service = service(farm);
            BeginDeploymentResponse begun = service.beginDeployment(deploy(token, "v1"));

            assertThat(begun.getNumber()).isEqualTo(1);
            assertThat(begun.getEnvironment()).isEqualTo("production");
            assertThat(begun.getPhase()).isEqualTo(DeploymentPhase.DEPLOYMENT_PHASE_CLAIMED);
            assertThat(service.beginDeployment(deploy(token, "v1"))).isEqualTo(begun);
            assertThat(report(service, token, DeploymentPhase.DEPLOYMENT_PHASE_SUCCEEDED)).isTrue();
            assertThat(report(service, token, DeploymentPhase.DEPLOYMENT_PHASE_FAILED)).isFalse();
            finish(agent, token);
            assertStale(() -> service.beginDeployment(deploy(token, "v1")));
        }
        try (TestFarm farm = farm();
                ScriptedAgent agent = farm.agent("a1", "one")) {
            agent.join(List.of());
            Token token = begin(farm, agent);

            BeginDeploymentResponse begun = service(farm).beginDeployment(deploy(token, "v2"));

            assertThat(begun.getNumber()).isEqualTo(2);
            assertThat(begun.getLastGoodVersion()).isEqualTo("v1");
        }
    }

    @Test
    void jobIsApprovedSeesItsEnvironmentAndIsRolledBackOverTheApi() throws Exception {
        try (TestFarm farm = farm();
                ScriptedAgent agent = farm.agent("a1", "one")) {
            agent.join(List.of());
            var api = EnvironmentServiceGrpc.newBlockingStub(farm.channel());
            api.configureEnvironment(
                    ConfigureEnvironmentRequest.newBuilder()
                            .setProject("shop")
                            .setEnvironment("production")
                            .setApprovals(1)
                            .setVariables(TextChanges.newBuilder().putSet("REGION", "eu"))
                            .setSecrets(TextChanges.newBuilder().putSet("TOKEN", "s3cr3t"))
                            .build());
            long first = submit(farm);
            api.reviewJobs(ReviewJobsRequest.newBuilder().setRun(first).setReviewer("ann").build());
            Token token = agent.await(Action.ACTION_RUN).getToken();
            agent.tell(agent.running(token));
            assertThat(agent.spec(token).getSecretsMap()).containsEntry("TOKEN", "s3cr3t");
            assertThat(agent.spec(token).getContextsJsonMap().get("vars")).contains("eu");
            finish(agent, token);
            long second = submit(farm);
            api.reviewJobs(
                    ReviewJobsRequest.newBuilder().setRun(second).setReviewer("ann").build());
            Token bad = agent.await(Action.ACTION_RUN).getToken();
            agent.tell(agent.running(bad));
            finish(agent, bad);

            var back =
                    api.rollBack(
                            RollBackRequest.newBuilder()
                                    .setEnvironment("production")
                                    .setClientToken("t")
                                    .build());
            assertThat(back.getRun()).isEqualTo(first);
            api.reviewJobs(ReviewJobsRequest.newBuilder().setRun(first).setReviewer("bob").build());
            Token again = agent.await(Action.ACTION_RUN).getToken();
            agent.tell(agent.running(again));
            finish(agent, again);

            var all =
                    api.listDeployments(ListDeploymentsRequest.getDefaultInstance())
                            .getDeploymentsList();
            assertThat(all).extracting(Deployment::getNumber).containsExactly(3L, 2L, 1L);
            assertThat(all.getFirst().getRollbackOf()).isEqualTo(2);
            var figures = api.getDora(GetDoraRequest.getDefaultInstance()).getFigures(0);
            assertThat(figures.getDeployments()).isEqualTo(2);
            assertThat(figures.getFailedChanges()).isEqualTo(1);
        }
    }

    @Test
    void recoveryGetsTheDeployingStepWithWhatTheFirstOneWasGiven() throws Exception {
        var needs =
                RecoveryNeeds.newBuilder()
                        .putInputs("target", "kubernetes")
                        .putInputs("version", "v2 ${{ x }}")
                        .putVariables("TOKEN", "an-s3cr3t-of-a-step")
                        .setKubeconfig("apiVersion: v1 # k3y")
                        .addMasked("s3cr3t-of-a-step");
        try (TestFarm farm = farm();
                ScriptedAgent agent = farm.agent("a1", "one")) {
            agent.join(List.of());
            Token first = begin(farm, agent);
            var service = service(farm);
            service.beginDeployment(
                    deploy(first, "v2 ${{ x }}", "kubernetes").toBuilder().setNeeds(needs).build());
            report(service, first, DeploymentPhase.DEPLOYMENT_PHASE_ROLLOUT);
            finish(agent, first);

            Token second = agent.await(Action.ACTION_RUN).getToken();
            agent.tell(agent.running(second));
            JobSpec spec = agent.spec(second);
            Step.Uses step = (Step.Uses) steps(spec).getLast();

            assertThat(step.uses().value().text()).isEqualTo("slipway/deploy@v1");
            assertThat(spec.getSecretsMap())
                    .containsValues("apiVersion: v1 # k3y", "s3cr3t-of-a-step");
            assertThat(spec.getWorkflow().getSource().toStringUtf8())
                    .contains("v2 ${{ '${{' }} x }}", "an-s3cr3t-of-a-step")
                    .doesNotContain("k3y");
            assertThat(service.beginDeployment(deploy(second, "v2 ${{ x }}", "kubernetes")))
                    .returns(1L, BeginDeploymentResponse::getNumber)
                    .returns(
                            DeploymentPhase.DEPLOYMENT_PHASE_ROLLOUT,
                            BeginDeploymentResponse::getPhase);
            report(service, second, DeploymentPhase.DEPLOYMENT_PHASE_SUCCEEDED);
            // Asked again after a restart of the agent: the same steps at the same places.
            assertThat(steps(agent.spec(second))).hasSameSizeAs(steps(spec));
            finish(agent, second);
        }
        try (Stream<Path> files = Files.walk(folder.resolve("data"))) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                assertThat(new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1))
                        .as(file.toString())
                        .doesNotContain("s3cr3t-of-a-step", "k3y");
            }
        }
    }

    private static List<Step> steps(JobSpec spec) {
        Workflow workflow =
                WorkflowParser.parse("recovery", spec.getWorkflow().getSource().toByteArray())
                        .workflow()
                        .orElseThrow();
        return ((StepsJob) workflow.job(spec.getJobId()).orElseThrow()).steps();
    }

    private TestFarm farm() throws Exception {
        return new TestFarm(folder.resolve("data"), folder.resolve("keys"), Map.of());
    }

    private static DeploymentServiceBlockingStub service(TestFarm farm) {
        return DeploymentServiceGrpc.newBlockingStub(farm.channel());
    }

    private static Token begin(TestFarm farm, ScriptedAgent agent) throws Exception {
        submit(farm);
        Token token = agent.await(Action.ACTION_RUN).getToken();
        agent.tell(agent.running(token));
        return token;
    }

    private static long submit(TestFarm farm) {
        return RunServiceGrpc.newBlockingStub(farm.channel())
                .submitRun(
                        SubmitRunRequest.newBuilder()
                                .setProject("shop")
                                .setWorkflow(
                                        WorkflowFile.newBuilder()
                                                .setPath(".github/workflows/cd.yml")
                                                .setSource(ByteString.copyFromUtf8(WORKFLOW)))
                                .setEventName("push")
                                .setRef("refs/heads/main")
                                .setDefaultBranch("main")
                                .build())
                .getRun();
    }

    private static void finish(ScriptedAgent agent, Token token) throws Exception {
        agent.print(token, 0, true, "done");
        agent.acknowledgement();
        agent.tell(agent.finished(token, 10));
        agent.await(Action.ACTION_FORGET);
    }

    private static BeginDeploymentRequest deploy(Token token, String version, String kind) {
        return deploy(token, version).toBuilder().setTargetKind(kind).build();
    }

    private static BeginDeploymentRequest deploy(Token token, String version) {
        return BeginDeploymentRequest.newBuilder()
                .setToken(token)
                .setStep("1")
                .setTargetKind("host")
                .setTarget("/srv/shop")
                .setVersion(version)
                .build();
    }

    private static boolean report(
            DeploymentServiceBlockingStub service, Token token, DeploymentPhase phase) {
        return service.reportDeployment(
                        ReportDeploymentRequest.newBuilder()
                                .setToken(token)
                                .setEnvironment("production")
                                .setNumber(1)
                                .setPhase(phase)
                                .build())
                .getAccepted();
    }

    private static void assertStale(Runnable call) {
        assertThatThrownBy(call::run)
                .isInstanceOfSatisfying(
                        StatusRuntimeException.class,
                        refused ->
                                assertThat(refused.getStatus().getCode())
                                        .isEqualTo(Status.Code.FAILED_PRECONDITION));
    }
}
