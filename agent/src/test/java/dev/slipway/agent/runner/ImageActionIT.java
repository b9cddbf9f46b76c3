package dev.slipway.agent.runner;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.agent.AgentFixture;
import dev.slipway.agent.FakeFarm;
import dev.slipway.agent.FakeFarm.Submission;
import dev.slipway.agent.TestEngine;
import dev.slipway.agent.v1.AttemptState;
import dev.slipway.api.v1.Conclusion;
import dev.slipway.testkit.TestRegistry;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.List;

/// `slipway/image` on a whole agent, a real engine and a real registry.
@Timeout(120)
class ImageActionIT {
    private static final String NAME = "slipway-test/image-action:1";
    private static final String DOCKERFILE =
            """
            FROM %s AS first
            ARG GREETING=none
            RUN echo "$GREETING" > /greeting
            FROM first AS second
            RUN exit 7
            """
                    .formatted(TestEngine.IMAGE);

    private final FakeFarm farm = new FakeFarm();

    @TempDir private Path work;
    @TempDir private Path folder;

    @BeforeAll
    static void engine() throws Exception {
        TestEngine.require();
    }

    @AfterEach
    void removeImages() throws Exception {
        String names =
                TestEngine.run(
                        "docker",
                        "images",
                        "--format",
                        "{{.Repository}}:{{.Tag}}",
                        "--filter",
                        "label=slipway-test=image-action");
        for (String name : names.lines().toList()) {
            TestEngine.run("docker", "rmi", "-f", name);
        }
    }

    private String submit(String inputs) {
        return farm.submit(
                Submission.of(
                        """
                        on: push
                        jobs:
                          job:
                            runs-on: ubuntu-latest
                            env: {SOURCE_DATE_EPOCH: 1793491200}
                            steps:
                              - run: |
                                  cat > Dockerfile <<'EOF'
                        %s
                                  EOF
                                  cat > bad.sarif <<'EOF'
                                  {"runs": [{"results": [{"ruleId": "CVE-1", "level": "error",
                                   "message": {"text": "bad library"}, "locations": [{"physicalLocation": {
                                   "artifactLocation": {"uri": "Dockerfile"},
                                   "region": {"startLine": 2}}}]}]}]}
                                  EOF
                              - id: image
                                uses: slipway/image@v1
                                with:
                        %s
                              - if: always()
                                run: |
                                  echo "${{ steps.image.outputs.imageid }}"
                                  echo "${{ steps.image.outputs.digest }}"
                                  echo "${{ steps.image.outputs.tags }}"
                        """
                                .formatted(
                                        DOCKERFILE.indent(10).stripTrailing(),
                                        inputs.indent(10).stripTrailing())));
    }

    private List<String> build(String inputs, Conclusion conclusion) throws Exception {
        return run(
                "labels: slipway-test=image-action\nbuild-args: GREETING=hello\n" + inputs,
                conclusion);
    }

    private List<String> run(String inputs, Conclusion conclusion) throws Exception {
        try (var _ = AgentFixture.start(farm, work)) {
            String attempt = submit(inputs);
            state = farm.awaitEnd(attempt);
            assertThat(state.getResult().getConclusion())
                    .as("%s", farm.meta(attempt))
                    .isEqualTo(conclusion);
            meta = farm.meta(attempt);
            return farm.output(attempt);
        }
    }

    private List<String> meta = List.of();
    private AttemptState state = AttemptState.getDefaultInstance();

    @Test
    void imageIsBuiltWithArgumentsTargetAndLabels() throws Exception {
        List<String> output = build("target: first\ntags: " + NAME, Conclusion.CONCLUSION_SUCCESS);

        String id = TestEngine.run("docker", "images", "-q", "--no-trunc", NAME);
        assertThat(id).startsWith("sha256:");
        assertThat(output).containsExactly(id, "", NAME);
        assertThat(TestEngine.run("docker", "run", "--rm", NAME, "cat", "/greeting"))
                .isEqualTo("hello");
        assertThat(TestEngine.run("docker", "inspect", "--format", "{{json .Config.Labels}}", NAME))
                .contains("org.opencontainers.image.revision")
                .contains("\"org.opencontainers.image.created\":\"2026-11-01T00:00:00Z\"")
                .contains("acme/rocket");
    }

    @Test
    void pushGivesTheDigestThatTheRegistryHas() throws Exception {
        TestRegistry.require();
        try (var registry = TestRegistry.open(folder)) {
            List<String> output =
                    build(
                            """
                            target: first
                            tags: |
                              team/app:1
                              team/app:latest
                            registry: %s
                            push: true
                            """
                                    .formatted(registry.address()),
                            Conclusion.CONCLUSION_SUCCESS);

            String name = registry.address() + "/team/app";
            assertThat(output).hasSize(4).endsWith(name + ":1", name + ":latest");
            assertThat(state.toString()).as("summary").contains("### Image", output.get(1));
            String byDigest = name + "@" + output.get(1);
            TestEngine.run("docker", "rmi", "-f", output.getFirst());
            TestEngine.run("docker", "pull", byDigest);
            assertThat(TestEngine.run("docker", "run", "--rm", byDigest, "cat", "/greeting"))
                    .isEqualTo("hello");
            TestEngine.run("docker", "rmi", "-f", byDigest);
        }
    }

    @Test
    void registryWithTlsAndAPasswordIsPushedToWithTheLoginOnly() throws Exception {
        TestRegistry.require();
        try (var registry = TestRegistry.guarded(folder)) {
            String push =
                    """
                    target: first
                    tags: team/app:1
                    registry: %s
                    push: true
                    """
                            .formatted(registry.address());
            build(push, Conclusion.CONCLUSION_FAILURE);
            assertThat(meta).anyMatch(line -> line.contains("cannot be pushed"));

            List<String> output =
                    build(
                            push
                                    + "username: %s\npassword: %s\n"
                                            .formatted(TestRegistry.USER, TestRegistry.PASSWORD),
                            Conclusion.CONCLUSION_SUCCESS);

            assertThat(output.get(1)).startsWith("sha256:");
            assertThat(meta)
                    .filteredOn(line -> line.contains(TestRegistry.PASSWORD))
                    .as("what the workflow's author wrote is echoed, as on GitHub; nothing else")
                    .allMatch(line -> line.startsWith("  password: "));
        }
    }

    @Test
    void imageWithFindingsIsBuiltAndNotPushed() throws Exception {
        List<String> output =
                build(
                        """
                        target: first
                        tags: %s
                        registry: 127.0.0.1:9
                        push: true
                        sarif: bad.sarif
                        fail-on: high
                        """
                                .formatted(NAME),
                        Conclusion.CONCLUSION_FAILURE);

        assertThat(output.getFirst()).startsWith("sha256:");
        assertThat(output.get(1)).isEmpty();
        assertThat(meta)
                .anyMatch(line -> line.contains("high: CVE-1 in Dockerfile:2: bad library"))
                .anyMatch(line -> line.contains("1 of 1 findings are high or worse"))
                .noneMatch(line -> line.contains("Pushing"));
        assertThat(state.toString()).contains("file: \"Dockerfile\"");
    }

    @Test
    void failedBuildIsExplained() throws Exception {
        build("target: second\ntags: " + NAME, Conclusion.CONCLUSION_FAILURE);

        assertThat(meta).anyMatch(line -> line.contains("returned a non-zero code: 7"));
    }

    /// The image that a scanner has seen, not one that is like it.
    @Test
    void imageThatIsThereIsPushedAsItIs() throws Exception {
        TestRegistry.require();
        String id = build("target: first\ntags: " + NAME, Conclusion.CONCLUSION_SUCCESS).getFirst();
        try (var registry = TestRegistry.open(folder)) {
            List<String> output =
                    run(
                            """
                            image: %s
                            tags: team/app:scanned
                            registry: %s
                            push: true
                            """
                                    .formatted(id, registry.address()),
                            Conclusion.CONCLUSION_SUCCESS);

            String name = registry.address() + "/team/app";
            assertThat(output.getFirst()).isEqualTo(id);
            assertThat(output.getLast()).isEqualTo(name + ":scanned");
            assertThat(TestEngine.run("docker", "inspect", "--format", "{{.Id}}", NAME))
                    .isEqualTo(id);
            TestEngine.run("docker", "rmi", "-f", id);
            TestEngine.run("docker", "pull", name + "@" + output.get(1));
            assertThat(
                            TestEngine.run(
                                    "docker",
                                    "inspect",
                                    "--format",
                                    "{{.Id}}",
                                    name + "@" + output.get(1)))
                    .isEqualTo(id);
            TestEngine.run("docker", "rmi", "-f", id);
        }
    }

    @Test
    void imageThatIsNotThereIsNamed() throws Exception {
        run("image: slipway-test/none:1\ntags: " + NAME, Conclusion.CONCLUSION_FAILURE);

        assertThat(meta).anyMatch(line -> line.contains("has no image 'slipway-test/none:1'"));
    }

    @Test
    void platformThatTheEngineDoesNotOfferIsRefused() throws Exception {
        build("platform: linux/s390x\ntags: " + NAME, Conclusion.CONCLUSION_FAILURE);

        assertThat(meta).anyMatch(line -> line.contains("The engine of this agent builds for"));
    }

    /// The engine runs what was made without it.
    @Test
    void imageOfFilesRunsOnAnEngine() throws Exception {
        Path busybox = Path.of("/bin/busybox");
        assertThat(busybox).isExecutable();
        String steps =
                """
                on: push
                jobs:
                  job:
                    runs-on: ubuntu-latest
                    env: {DOCKER_HOST: "unix:///nowhere/docker.sock"}
                    steps:
                      - run: cp /bin/busybox . && echo hello > greeting
                      - uses: slipway/image@v1
                        with:
                          base: scratch
                          files: |
                            busybox:/bin/
                            greeting:/srv/
                          entrypoint: /bin/busybox
                          cmd: cat greeting
                          workdir: /srv
                          labels: slipway-test=image-action
                          tags: %s
                          output: image.tar
                      - run: cp image.tar %s/
                """
                        .formatted(NAME, folder);
        try (var _ = AgentFixture.start(farm, work)) {
            String attempt = farm.submit(Submission.of(steps));
            assertThat(farm.awaitEnd(attempt).getResult().getConclusion())
                    .as("%s", farm.meta(attempt))
                    .isEqualTo(Conclusion.CONCLUSION_SUCCESS);
        }

        TestEngine.run("docker", "load", "-i", folder.resolve("image.tar").toString());
        assertThat(TestEngine.run("docker", "run", "--rm", NAME)).isEqualTo("hello");
    }
}
