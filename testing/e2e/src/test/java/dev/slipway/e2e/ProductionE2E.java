package dev.slipway.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.slipway.e2e.world.DeploymentController;
import dev.slipway.e2e.world.HealthPage;
import dev.slipway.e2e.world.KubernetesApi;
import dev.slipway.e2e.world.NpmRegistry;
import dev.slipway.e2e.world.PublicHost;
import dev.slipway.e2e.world.Webhook;
import dev.slipway.testkit.TestRegistry;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

/// The production pipeline of `examples/webapp`, unmodified, with real npm, docker, curl and
/// kubectl.
class ProductionE2E {
    private static final String BASE_IMAGE = "node:20-alpine";
    private static final String WORKFLOW = ".github/workflows/production.yml";
    private static final String JOB = "build-test-deploy";
    private static final String OLD_IMAGE = "app:before";
    private static final List<String> PROGRAMS = List.of("npm", "docker", "curl", "kubectl", "git");

    @TempDir(cleanup = CleanupMode.NEVER)
    Path scratch;

    private final AtomicInteger health = new AtomicInteger(200);
    private DeploymentController cluster;
    private KubernetesApi kubernetes;
    private PublicHost api;
    private NpmRegistry registry;
    private Webhook slack;
    private Slipway slipway;
    private Path project;

    @BeforeAll
    static void hasAnEngineAndThePrograms(@TempDir Path folder) throws Exception {
        for (String program : PROGRAMS) {
            assumeTrue(
                    sh(folder, "command -v " + program) == 0,
                    "the production pipeline needs the program " + program);
        }
        assumeTrue(sh(folder, "docker info") == 0, "no Docker engine answers");
        try (InputStream script = ProductionE2E.class.getResourceAsStream("world/node-image.sh")) {
            Files.copy(script, folder.resolve("node-image.sh"));
        }
        Files.createDirectory(folder.resolve("context"));
        assertThat(sh(folder, "sh node-image.sh %s context".formatted(BASE_IMAGE)))
                .as("the base image is built, see %s", folder.resolve("said"))
                .isZero();
    }

    @BeforeEach
    void beginTheWorld() throws Exception {
        cluster = new DeploymentController(OLD_IMAGE);
        kubernetes = new KubernetesApi(cluster);
        api = new PublicHost(scratch, "api.example.com", health::get);
        registry = new NpmRegistry("https://registry.npmjs.org/");
        slack = new Webhook();
        slipway =
                new Slipway(scratch)
                        .with(
                                "KUBECONFIG",
                                kubernetes.writeConfig(scratch.resolve("kubeconfig")).toString())
                        .with("https_proxy", api.proxy())
                        .with("no_proxy", "127.0.0.1")
                        .with("CURL_CA_BUNDLE", api.certificate().toString())
                        .with("npm_config_registry", registry.address())
                        .with("SLACK_WEBHOOK_URL", slack.address());
        project = scratch.resolve("webapp");
        Path example = Path.of(System.getProperty("slipway.root"), "examples", "webapp");
        sh(
                scratch,
                "cp -r '%s' webapp && cd webapp && rm -rf node_modules dist".formatted(example));
        sh(
                project,
                "git init -q -b main && git add -A"
                        + " && git -c user.name=t -c user.email=t@example.com commit -qm first");
    }

    @AfterEach
    void endTheWorld() throws IOException {
        if (slipway != null) {
            slipway.close();
            slack.close();
            registry.close();
            api.close();
            kubernetes.close();
            cluster.close();
        }
    }

    @Test
    void healthyVersionIsDeployedAndAnUnhealthyOneRolledBack() throws Exception {
        slipway.run(project, "environment", "production", "--deployed-by", WORKFLOW + ":" + JOB)
                .expect(0);
        deploy().expect(0);

        String good = "app:" + sha();
        assertThat(cluster.images()).containsExactly(OLD_IMAGE, good);
        assertThat(api.asked()).isEqualTo(1);
        assertThat(slack.bodies()).hasSize(1);
        assertThat(slack.bodies().getFirst()).contains("success", sha());

        health.set(503);
        commit("b");
        deploy().expect(0); // `… || kubectl rollout undo` succeeds.

        assertThat(cluster.images()).containsExactly(OLD_IMAGE, good, "app:" + sha(), good);
        assertThat(cluster.image()).isEqualTo(good);
        assertThat(slack.bodies()).hasSize(2);

        // The newest first. Both jobs succeeded; what became of the versions was seen in the
        // cluster.
        String records = slipway.run(project, "deployments", "--json").expect(0).out();
        assertThat(records.lines()).hasSize(2);
        assertThat(records.lines().toList().getFirst())
                .contains("\"phase\":\"rolled-back\"", "\"version\":\"app:" + sha())
                .contains("\"running_version\":\"" + good, "\"target\":\"default/app\"");
        assertThat(records.lines().toList().getLast())
                .contains("\"phase\":\"succeeded\"", "\"version\":\"" + good);
        assertThat(slipway.run(project, "dora", "--json").expect(0).out())
                .contains("\"changes\":2", "\"failed_changes\":1");
    }

    /// The same with Slipway's own actions: the job of the unhealthy version fails.
    @Test
    void deliveryWithOurActionsGoesBackByItself() throws Exception {
        TestRegistry.require();
        var bad = new AtomicBoolean();
        var healthy = new AtomicReference<>("");
        try (var images = TestRegistry.open(scratch.resolve("registry"));
                var shop =
                        new HealthPage(
                                () ->
                                        bad.get() && !cluster.image().equals(healthy.get())
                                                ? 503
                                                : 200)) {
            deliver(images, shop).expect(0);

            String good = cluster.image();
            assertThat(good).startsWith(images.address() + "/app@sha256:");
            assertThat(slack.bodies()).singleElement().asString().contains(sha(), "success");

            healthy.set(good);
            bad.set(true);
            commit("b");
            String failed = deliver(images, shop).expect(1).out();

            assertThat(failed).contains("has been rolled back", "503");
            assertThat(cluster.image()).isEqualTo(good);
            assertThat(cluster.images()).hasSize(4).startsWith(OLD_IMAGE, good).endsWith(good);
            assertThat(slack.bodies()).hasSize(2).last().asString().contains(sha(), "failure");
            assertThat(slipway.run(project, "deployments", "--json").expect(0).out().lines())
                    .hasSize(2)
                    .first()
                    .asString()
                    .contains("\"phase\":\"rolled-back\"", "default/deployment/app");
        }
    }

    private Slipway.Result deliver(TestRegistry images, HealthPage shop) {
        return slipway.run(
                project,
                "run",
                ".github/workflows/delivery.yml",
                "--event",
                "workflow_dispatch",
                "--var",
                "REGISTRY=" + images.address(),
                "--var",
                "HEALTH_URL=" + shop.address(),
                "--secret",
                "SLACK_WEBHOOK_URL=" + slack.address());
    }

    private Slipway.Result deploy() {
        return slipway.run(project, "run", WORKFLOW);
    }

    /// The image is another one, too.
    private void commit(String message) throws Exception {
        sh(
                project,
                "echo '%s' >> README.md && git -c user.name=t -c user.email=t@example.com commit -qam %s"
                        .formatted(message, message));
    }

    private String sha() throws Exception {
        sh(project, "git rev-parse HEAD");
        return Files.readString(project.resolve("../said")).strip().toLowerCase(Locale.ROOT);
    }

    /// @return the exit code; what it said is in the file `said` beside or in the folder
    private static int sh(Path folder, String command) throws Exception {
        Path said =
                folder.getFileName().toString().equals("webapp")
                        ? folder.resolveSibling("said")
                        : folder.resolve("said");
        Process process =
                new ProcessBuilder("sh", "-c", command)
                        .directory(folder.toFile())
                        .redirectErrorStream(true)
                        .redirectOutput(said.toFile())
                        .start();
        process.outputWriter(StandardCharsets.UTF_8).close();
        if (!process.waitFor(180, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new AssertionError("did not end: " + command);
        }
        return process.exitValue();
    }
}
