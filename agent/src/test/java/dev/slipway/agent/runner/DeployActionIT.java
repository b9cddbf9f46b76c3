package dev.slipway.agent.runner;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.agent.Agent;
import dev.slipway.agent.AgentFixture;
import dev.slipway.agent.FakeFarm;
import dev.slipway.agent.FakeFarm.Submission;
import dev.slipway.agent.v1.AttemptState;
import dev.slipway.agent.v1.DeploymentPhase;
import dev.slipway.api.v1.Conclusion;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/// `slipway/deploy` on a whole agent: a real web server, deployed to this host.
@Timeout(120)
class DeployActionIT {
    private final FakeFarm farm = new FakeFarm();
    private int port;

    @TempDir private Path work;

    @BeforeEach
    void freePort() throws IOException {
        try (var socket = new ServerSocket(0)) {
            port = socket.getLocalPort();
        }
    }

    @AfterEach
    void stopService() throws Exception {
        if (Files.exists(folder().resolve("stop"))) {
            new ProcessBuilder("sh", folder().resolve("stop").toString()).start().waitFor();
        }
    }

    private Path folder() throws IOException {
        return work.toRealPath().resolve("deployments/acme-rocket/production");
    }

    /// @param deadline long enough for a web server on a busy machine
    private String deploy(String version, String body, String deadline, String window) {
        return farm.submit(
                Submission.of(
                        """
                        on: push
                        jobs:
                          job:
                            runs-on: ubuntu-latest
                            steps:
                              - run: rm -rf site; mkdir site; printf '%%s' '%s' > site/index.html
                              - id: deploy
                                uses: slipway/deploy@v1
                                with:
                                  target: host
                                  environment: production
                                  version: %s
                                  files: site
                                  start: exec "%s/bin/jwebserver" -b 127.0.0.1 -p %d -d "$PWD"
                                  port: %d
                                  url: http://127.0.0.1:%d/
                                  health-url: http://127.0.0.1:%d/index.html
                                  health-contains: "{version}"
                                  health-interval: 100ms
                                  health-successes: 2
                                  health-deadline: %s
                                  health-window: %s
                              - if: always()
                                run: >
                                  echo '${{ steps.deploy.outputs.outcome }}
                                  ${{ steps.deploy.outputs.running-version }}'
                        """
                                .formatted(
                                        body,
                                        version,
                                        System.getProperty("java.home"),
                                        port,
                                        port,
                                        port,
                                        port,
                                        deadline,
                                        window)));
    }

    private Agent agent() throws IOException {
        return AgentFixture.start(farm, work);
    }

    private String served() throws Exception {
        try (var client = HttpClient.newHttpClient()) {
            return client.send(
                            HttpRequest.newBuilder(
                                            URI.create("http://127.0.0.1:" + port + "/index.html"))
                                    .timeout(Duration.ofSeconds(10))
                                    .build(),
                            BodyHandlers.ofString())
                    .body();
        }
    }

    private void assertEnds(String attempt, AttemptState state, Conclusion conclusion) {
        assertThat(state.getResult().getConclusion())
                .as("%s %s", farm.meta(attempt), state.getResult().getCauseDetail())
                .isEqualTo(conclusion);
    }

    @Test
    void serviceOutlivesItsJobIsReplacedAndABadVersionIsRolledBack() throws Exception {
        try (var _ = agent()) {
            String first = deploy("one", "this is one", "60s", "0");
            assertEnds(first, farm.awaitEnd(first), Conclusion.CONCLUSION_SUCCESS);
            assertThat(farm.output(first)).containsExactly("succeeded one");
        }
        assertThat(served()).isEqualTo("this is one");

        try (var _ = agent()) {
            String second = deploy("two", "this is two", "60s", "0");
            assertEnds(second, farm.awaitEnd(second), Conclusion.CONCLUSION_SUCCESS);
            assertThat(served()).isEqualTo("this is two");

            String third = deploy("three", "this is broken", "10s", "0");
            assertEnds(third, farm.awaitEnd(third), Conclusion.CONCLUSION_FAILURE);
            assertThat(farm.output(third)).containsExactly("rolled-back two");
            assertThat(farm.meta(third))
                    .anyMatch(
                            line ->
                                    line.contains("Deployment 3 of three")
                                            && line.contains("does not contain 'three'")
                                            && line.contains("rolled back to two (deployment 2)"));
        }
        assertThat(served()).isEqualTo("this is two");
        assertThat(farm.deployments().of("production"))
                .extracting(record -> record.phase())
                .containsExactly(
                        DeploymentPhase.DEPLOYMENT_PHASE_SUCCEEDED,
                        DeploymentPhase.DEPLOYMENT_PHASE_SUCCEEDED,
                        DeploymentPhase.DEPLOYMENT_PHASE_ROLLED_BACK);
    }

    @Test
    void deploymentGoesOnWhenItsAgentIsReplaced() throws Exception {
        String attempt;
        try (var _ = agent()) {
            attempt = deploy("one", "this is one", "60s", "3s");
            while (farm.meta(attempt).stream().noneMatch(line -> line.contains("watching"))) {
                Thread.sleep(20);
            }
        }

        try (var _ = agent()) {
            assertEnds(attempt, farm.awaitEnd(attempt), Conclusion.CONCLUSION_SUCCESS);
        }
        assertThat(farm.meta(attempt))
                .anyMatch(line -> line.contains("Goes on where the agent was stopped: health"));
        assertThat(farm.deployments().of("production")).hasSize(1);
        assertThat(served()).isEqualTo("this is one");
    }

    @Test
    void cancelledFirstDeploymentLeavesWhatItStartedAndSaysSo() throws Exception {
        try (var _ = agent()) {
            String attempt = deploy("one", "this is one", "60s", "60s");
            while (farm.meta(attempt).stream().noneMatch(line -> line.contains("watching"))) {
                Thread.sleep(20);
            }

            farm.cancel(attempt);

            assertEnds(attempt, farm.awaitEnd(attempt), Conclusion.CONCLUSION_CANCELLED);
            assertThat(farm.deployments().of("production").getFirst().reports().getLast())
                    .satisfies(
                            last -> {
                                assertThat(last.getPhase())
                                        .isEqualTo(DeploymentPhase.DEPLOYMENT_PHASE_FAILED);
                                assertThat(last.getDetail())
                                        .contains("cancelled", "no earlier good version");
                            });
        }
    }

    @Test
    void wrongInputsFailTheStepBeforeAnythingIsNumbered() throws Exception {
        String attempt =
                farm.submit(
                        Submission.of(
                                """
                                on: push
                                jobs:
                                  job:
                                    runs-on: ubuntu-latest
                                    steps:
                                      - uses: slipway/deploy@v1
                                        with: {target: moon, version: 1, environment: production}
                                """));
        try (var _ = agent()) {
            assertEnds(attempt, farm.awaitEnd(attempt), Conclusion.CONCLUSION_FAILURE);
        }
        assertThat(farm.meta(attempt))
                .anyMatch(line -> line.contains("Invalid input target: 'moon'"));
        assertThat(farm.deployments().of("production")).isEqualTo(List.of());
    }
}
