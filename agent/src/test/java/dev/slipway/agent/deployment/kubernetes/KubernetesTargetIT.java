package dev.slipway.agent.deployment.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.agent.deployment.Claimant;
import dev.slipway.agent.deployment.Inputs;
import dev.slipway.agent.deployment.Release;
import dev.slipway.agent.deployment.RolloutException;
import dev.slipway.agent.deployment.SupersededException;
import dev.slipway.testkit.ManualTime;
import dev.slipway.time.Timers;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.server.mock.EnableKubernetesMockClient;
import io.fabric8.kubernetes.client.server.mock.KubernetesMockServer;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/// A workload of fabric8's API server, which has no controllers: the test is one. It works whenever
/// the target pauses.
@EnableKubernetesMockClient(crud = true, https = false)
@Timeout(60)
class KubernetesTargetIT {
    private static final Release ONE = new Release(1, "one");
    private static final Release TWO = new Release(2, "two");

    KubernetesMockServer server;
    KubernetesClient client;

    @TempDir private Path folder;
    private final List<String> said = new ArrayList<>();
    private final List<KubernetesTarget> targets = new ArrayList<>();
    private final ManualTime time = new ManualTime();
    private Runnable controller = () -> setStatus(2);

    private final Timers timers =
            new Timers() {
                @Override
                public Timer after(Duration delay, Runnable action) {
                    throw new UnsupportedOperationException("the target only pauses");
                }

                @Override
                public void pause(Duration delay) {
                    time.advance(delay);
                    controller.run();
                }
            };

    @BeforeEach
    void create() throws IOException {
        Files.writeString(
                folder.resolve("kubeconfig"),
                """
                apiVersion: v1
                kind: Config
                current-context: test
                clusters:
                  - {name: test, cluster: {server: "%s"}}
                users:
                  - {name: test, user: {token: secret}}
                contexts:
                  - {name: test, context: {cluster: test, user: test, namespace: prod}}
                """
                        .formatted(server.url("/")));
        client.apps().deployments().inNamespace("prod").resource(deployment("app:0")).create();
        setStatus(2);
    }

    @AfterEach
    void close() {
        targets.forEach(KubernetesTarget::close);
    }

    private static Deployment deployment(String image) {
        return new DeploymentBuilder()
                .withNewMetadata()
                .withName("web")
                .endMetadata()
                .withNewSpec()
                .withReplicas(2)
                .withNewSelector()
                .addToMatchLabels("app", "web")
                .endSelector()
                .withNewTemplate()
                .withNewMetadata()
                .addToLabels("app", "web")
                .endMetadata()
                .withNewSpec()
                .addNewContainer()
                .withName("web")
                .withImage(image)
                .addNewEnv()
                .withName("MODE")
                .withValue("fast")
                .endEnv()
                .endContainer()
                .endSpec()
                .endTemplate()
                .endSpec()
                .build();
    }

    private Deployment live() {
        return client.apps().deployments().inNamespace("prod").withName("web").get();
    }

    /// Somebody else changes it.
    private void edit(UnaryOperator<Deployment> change) {
        client.apps().deployments().inNamespace("prod").withName("web").edit(change);
    }

    private String image() {
        return live().getSpec().getTemplate().getSpec().getContainers().getFirst().getImage();
    }

    private void setStatus(int available) {
        client.apps()
                .deployments()
                .inNamespace("prod")
                .withName("web")
                .editStatus(
                        it ->
                                new DeploymentBuilder(it)
                                        .withNewStatus()
                                        .withObservedGeneration(it.getMetadata().getGeneration())
                                        .withReplicas(2)
                                        .withUpdatedReplicas(available)
                                        .withAvailableReplicas(available)
                                        .endStatus()
                                        .build());
    }

    private KubernetesTarget target(String image, String... more) throws IOException {
        var inputs = new HashMap<>(Map.of("workload", "deployment/web", "image", image));
        inputs.put("kubeconfig", "kubeconfig");
        inputs.put("rollout-timeout", "30s");
        for (int i = 0; i < more.length; i += 2) {
            inputs.put(more[i], more[i + 1]);
        }
        var settings =
                new KubernetesInputs(new Inputs(name -> inputs.getOrDefault(name, "")))
                        .settings(
                                new Claimant(
                                        inputs.getOrDefault("owner", "us"),
                                        Integer.parseInt(inputs.getOrDefault("attempt", "1"))),
                                folder,
                                Map.of());
        var target = new KubernetesTarget(settings, time, timers, said::add);
        targets.add(target);
        return target;
    }

    @Test
    void imageIsSetAndWhatIsGoodIsRemembered() throws Exception {
        KubernetesTarget target = target("app:1");
        assertThat(target.name()).isEqualTo("prod/deployment/web");
        assertThat(target.read().number()).isZero();

        target.claim(ONE);
        assertThat(image()).isEqualTo("app:0");
        assertThat(target.read().good()).contains(new Release(0, "app:0"));
        assertThat(target.runs(ONE)).isFalse();

        target.rollOut(ONE);

        assertThat(image()).isEqualTo("app:1");
        assertThat(target.runs(ONE)).isTrue();
        assertThat(target.problem(ONE)).isEmpty();
        assertThat(said)
                .containsExactly(
                        "deployment/web: waiting for the controller",
                        "deployment/web: 2 of 2 updated, 2 available");
        target.settle(ONE);
        assertThat(target.read().good()).contains(ONE);
        assertThat(target.read().number()).isEqualTo(1);
        // Whatever else the workload had is as it was.
        var container = live().getSpec().getTemplate().getSpec().getContainers().getFirst();
        assertThat(container.getEnv()).singleElement().matches(it -> it.getName().equals("MODE"));
        assertThat(live().getSpec().getReplicas()).isEqualTo(2);
    }

    @Test
    void badVersionGoesBackToTheWholeTemplateThatWasGood() throws Exception {
        KubernetesTarget target = target("app:broken");
        target.claim(ONE);
        target.rollOut(ONE);
        edit(
                it ->
                        new DeploymentBuilder(it)
                                .editSpec()
                                .editTemplate()
                                .editSpec()
                                .editFirstContainer()
                                .withEnv(List.of())
                                .endContainer()
                                .endSpec()
                                .endTemplate()
                                .endSpec()
                                .build());

        Release before = target.read().good().orElseThrow();
        target.restore(ONE, before);

        var container = live().getSpec().getTemplate().getSpec().getContainers().getFirst();
        assertThat(container.getImage()).isEqualTo("app:0");
        assertThat(container.getEnv()).hasSize(1);
        assertThat(target.runs(before)).isTrue();
        assertThat(target.runs(ONE)).isFalse();
        assertThat(target.read().number()).isEqualTo(1);
    }

    @Test
    void lowerNumberIsRefusedEverywhere() throws Exception {
        KubernetesTarget older = target("app:1");
        older.claim(ONE);
        target("app:2").claim(TWO);

        assertThatThrownBy(() -> older.claim(ONE))
                .isInstanceOf(SupersededException.class)
                .hasMessage(
                        "deployment 1 is refused: deployment 2 has been at prod/deployment/web"
                                + " since");
        assertThatThrownBy(() -> older.rollOut(ONE)).isInstanceOf(SupersededException.class);
        assertThatThrownBy(() -> older.settle(ONE)).isInstanceOf(SupersededException.class);
        assertThatThrownBy(() -> older.restore(ONE, new Release(0, "app:0")))
                .isInstanceOf(SupersededException.class);
        assertThat(image()).isEqualTo("app:0");
    }

    /// Between the reading and the writing of the older one.
    @Test
    void claimThatWasMadeMeanwhileIsNeverOverwritten() throws Exception {
        var older = Cluster.open(settingsOf("app:1"));
        var read = older.read().orElseThrow();
        target("app:2").claim(TWO);

        assertThat(older.replace(read)).isFalse();
        assertThat(target("app:2").read().number()).isEqualTo(2);
        older.close();
    }

    private KubernetesSettings settingsOf(String image) {
        Map<String, String> inputs =
                Map.of("workload", "web", "version", image, "kubeconfig", "kubeconfig");
        return new KubernetesInputs(new Inputs(name -> inputs.getOrDefault(name, "")))
                .settings(new Claimant("us", 1), folder, Map.of());
    }

    @Test
    void everyPhaseMayBeRepeatedByAnAgentThatWasKilled() throws Exception {
        target("app:1").claim(ONE);
        target("app:1").claim(ONE);
        target("app:1").rollOut(ONE);
        String version = live().getMetadata().getResourceVersion();

        target("app:1").rollOut(ONE);
        assertThat(live().getMetadata().getResourceVersion()).isEqualTo(version);
        target("app:1").settle(ONE);
        target("app:1").settle(ONE);

        assertThat(target("app:1").read().good()).contains(ONE);
    }

    @Test
    void versionThatSomebodyElseReplacedIsNotCalledGood() throws Exception {
        KubernetesTarget target = target("app:1");
        target.claim(ONE);
        target.rollOut(ONE);
        edit(
                it ->
                        new DeploymentBuilder(it)
                                .editSpec()
                                .withTemplate(deployment("app:hotfix").getSpec().getTemplate())
                                .endSpec()
                                .build());

        assertThatThrownBy(() -> target.settle(ONE))
                .isInstanceOf(SupersededException.class)
                .hasMessageContaining("changed the image of prod/deployment/web to app:hotfix");

        assertThat(target.read().good()).contains(new Release(0, "app:0"));
        assertThat(image()).isEqualTo("app:hotfix");
    }

    /// The client asks four times by itself.
    @Test
    void serverThatIsAwayForAWhileIsNoFaultOfTheVersion() throws Exception {
        KubernetesTarget target = target("app:1");
        target.claim(ONE);
        controller =
                () -> {
                    server.expect()
                            .get()
                            .withPath("/apis/apps/v1/namespaces/prod/deployments/web")
                            .andReturn(503, "away")
                            .times(4);
                    controller = () -> setStatus(2);
                };

        target.rollOut(ONE);

        assertThat(said).anyMatch(line -> line.endsWith("asking again"));
        assertThat(said.getLast()).isEqualTo("deployment/web: 2 of 2 updated, 2 available");
    }

    @Test
    void workloadThatNeverRollsIsRefusedUntouched() throws Exception {
        edit(it -> new DeploymentBuilder(it).editSpec().withPaused(true).endSpec().build());

        assertThatThrownBy(() -> target("app:1").claim(ONE))
                .isInstanceOf(RolloutException.class)
                .hasMessageContaining("kubectl rollout resume deployment/web");
        assertThat(target("app:1").read().number()).isZero();
    }

    @Test
    void podWithoutANodeIsSaidInTheSchedulersWords() throws Exception {
        KubernetesTarget target = target("app:1");
        target.claim(ONE);
        controller = () -> setStatus(0);
        client.pods()
                .inNamespace("prod")
                .resource(
                        new PodBuilder()
                                .withNewMetadata()
                                .withName("web-1")
                                .addToLabels("app", "web")
                                .endMetadata()
                                .withNewSpec()
                                .addNewContainer()
                                .withName("web")
                                .withImage("app:1")
                                .endContainer()
                                .endSpec()
                                .withNewStatus()
                                .addNewCondition()
                                .withType("PodScheduled")
                                .withStatus("False")
                                .withReason("Unschedulable")
                                .withMessage("0/3 nodes are available: 3 Insufficient cpu.")
                                .endCondition()
                                .endStatus()
                                .build())
                .create();

        assertThatThrownBy(() -> target.rollOut(ONE))
                .isInstanceOf(RolloutException.class)
                .hasMessageContaining("pod 'web-1' finds no node: 0/3 nodes are available");
        assertThat(said).filteredOn(line -> line.contains("finds no node")).hasSize(1);
    }

    @Test
    void podThatCrashesIsSaidWithItsEndAndItsEvents() throws Exception {
        KubernetesTarget target = target("app:broken");
        target.claim(ONE);
        controller =
                () -> {
                    setStatus(0);
                    client.pods().inNamespace("prod").resource(crashing()).create();
                };

        assertThatThrownBy(() -> target.rollOut(ONE))
                .isInstanceOf(RolloutException.class)
                .hasMessage(
                        "pod 'web-1': container 'web' is in CrashLoopBackOff: back-off 10s; it"
                                + " ended with exit code 3 (Error)");
        assertThat(target.problem(ONE)).isPresent();
    }

    private static Pod crashing() {
        return new PodBuilder()
                .withNewMetadata()
                .withName("web-1")
                .addToLabels("app", "web")
                .endMetadata()
                .withNewSpec()
                .addNewContainer()
                .withName("web")
                .withImage("app:broken")
                .endContainer()
                .endSpec()
                .withNewStatus()
                .addNewContainerStatus()
                .withName("web")
                .withNewState()
                .withNewWaiting()
                .withReason("CrashLoopBackOff")
                .withMessage("back-off 10s")
                .endWaiting()
                .endState()
                .withNewLastState()
                .withNewTerminated()
                .withExitCode(3)
                .withReason("Error")
                .endTerminated()
                .endLastState()
                .endContainerStatus()
                .endStatus()
                .build();
    }

    @Test
    void rolloutThatDoesNotEndIsGivenUp() throws Exception {
        KubernetesTarget target = target("app:1");
        target.claim(ONE);
        controller = () -> setStatus(1);

        assertThatThrownBy(() -> target.rollOut(ONE))
                .isInstanceOf(RolloutException.class)
                .hasMessageContaining("after 30 s: 1 of 2 updated, 1 available");
    }

    @Test
    void whatCannotBeDeployedToIsExplained() throws Exception {
        assertThatThrownBy(() -> target("app:1", "workload", "deployment/none").claim(ONE))
                .isInstanceOf(RolloutException.class)
                .hasMessageContaining("there is no prod/deployment/none. Create it first");
        assertThatThrownBy(() -> target("app:1", "container", "side").claim(ONE))
                .isInstanceOf(RolloutException.class)
                .hasMessageContaining("has no container 'side'; it has web");
        assertThatThrownBy(() -> target("app:1", "workload", "job/web"))
                .hasMessageContaining("must be deployment/NAME, statefulset/NAME or daemonset");
        assertThatThrownBy(() -> target("app:1", "kubeconfig", "token: secret"))
                .hasMessageContaining("must be the path of a kubeconfig file")
                .hasMessageNotContaining("token");
        assertThatThrownBy(() -> target("app:1", "kube-context", "none"))
                .hasMessageContaining("has no context 'none'");

        target("app:1", "owner", "us").claim(ONE);
        assertThatThrownBy(() -> target("app:1", "owner", "them").claim(TWO))
                .isInstanceOf(RolloutException.class)
                .hasMessageContaining("belongs to us, and this is them");
    }

    @Test
    void attemptThatWakesUpAfterItsRecoveryChangesNothing() throws Exception {
        KubernetesTarget asleep = target("app:1", "attempt", "1");
        asleep.claim(ONE);
        KubernetesTarget recovery = target("app:1", "attempt", "2");

        recovery.takeOver(ONE);

        assertThatThrownBy(() -> asleep.rollOut(ONE))
                .isInstanceOf(SupersededException.class)
                .hasMessageContaining("attempt 2 of the job has taken over deployment 1");
        assertThatThrownBy(() -> asleep.takeOver(ONE)).isInstanceOf(SupersededException.class);
        recovery.takeOver(ONE);
        assertThat(recovery.read().number()).isEqualTo(1);
    }

    @Test
    void clusterThatCannotBeReachedIsNamed() throws Exception {
        KubernetesTarget target = target("app:1");
        server.destroy();

        assertThatThrownBy(target::read)
                .isInstanceOf(IOException.class)
                .hasMessageContaining("Kubernetes (http://")
                .hasMessageContaining("cannot read deployment/web");
    }
}
