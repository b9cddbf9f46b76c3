package dev.slipway.agent.runner;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.agent.AgentFixture;
import dev.slipway.agent.FakeFarm;
import dev.slipway.agent.FakeFarm.Submission;
import dev.slipway.api.v1.Conclusion;
import dev.slipway.testkit.TestRegistry;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/// `slipway/image` on an agent whose machine has no engine.
@Timeout(120)
class ImageWithoutEngineIT {
    private static final Map<String, String> NO_ENGINE =
            Map.of("DOCKER_HOST", "unix:///nowhere/docker.sock");

    private final FakeFarm farm = new FakeFarm();
    private List<String> meta = List.of();

    @TempDir private Path work;
    @TempDir private Path folder;

    private List<String> run(String inputs, Conclusion conclusion) throws Exception {
        String workflow =
                """
                on: push
                jobs:
                  job:
                    runs-on: ubuntu-latest
                    steps:
                      - run: |
                          mkdir -p dist
                          echo hello > dist/index.html
                          echo FROM scratch > Dockerfile
                          echo '{"runs": [{"results": [{"ruleId": "CVE-1", "level": "error"}]}]}' > bad.sarif
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
                        .formatted(inputs.indent(10).stripTrailing());
        try (var _ = AgentFixture.start(farm, work, NO_ENGINE)) {
            String attempt = farm.submit(Submission.of(workflow));
            var end = farm.awaitEnd(attempt);
            meta = farm.meta(attempt);
            assertThat(end.getResult().getConclusion()).as("%s", meta).isEqualTo(conclusion);
            return farm.output(attempt);
        }
    }

    @Test
    void dockerfileNeedsAnEngineAndTheErrorSaysWhatToDo() throws Exception {
        run("tags: team/app:1", Conclusion.CONCLUSION_FAILURE);

        assertThat(meta)
                .anyMatch(
                        line ->
                                line.contains("a Dockerfile needs one")
                                        && line.contains("give the inputs base and files"));
    }

    @Test
    void imageIsPushedOnAnotherOneAndIsTheSameTheNextTime() throws Exception {
        TestRegistry.require();
        Path jibs = Path.of(System.getProperty("user.home"), ".cache/google-cloud-tools-java");
        boolean before = Files.exists(jibs);
        try (var registry = TestRegistry.open(folder)) {
            String base = registry.address() + "/base:1";
            run(
                    "base: scratch\nfiles: Dockerfile:/etc/\npush: true\ntags: " + base,
                    Conclusion.CONCLUSION_SUCCESS);
            String inputs =
                    """
                    base: %s
                    files: dist:/srv
                    entrypoint: /srv/server
                    registry: %s
                    tags: team/app:1, team/app:latest, team/other:1
                    output: image.tar
                    push: true
                    """
                            .formatted(base, registry.address());

            List<String> first = run(inputs, Conclusion.CONCLUSION_SUCCESS);
            List<String> second = run(inputs, Conclusion.CONCLUSION_SUCCESS);

            assertThat(first.get(0)).startsWith("sha256:");
            assertThat(first.get(1)).startsWith("sha256:").isNotEqualTo(first.get(0));
            assertThat(first).hasSize(5).last().asString().endsWith("/team/other:1");
            assertThat(second).isEqualTo(first);
            assertThat(work.resolve("_tool/slipway-fetched/1/image-bases")).isNotEmptyDirectory();
            assertThat(Files.exists(jibs)).isEqualTo(before);
        }
    }

    @Test
    void registryWithTlsAndAPasswordIsPushedToWithTheLoginOnly() throws Exception {
        TestRegistry.require();
        try (var registry = TestRegistry.guarded(folder)) {
            String push =
                    "base: scratch\nfiles: dist:/srv\npush: true\ntags: team/app:1\nregistry: %s\n"
                            .formatted(registry.address());
            run(push, Conclusion.CONCLUSION_FAILURE);
            assertThat(meta)
                    .anyMatch(line -> line.contains("team/app:1 cannot be made: Unauthorized"));

            List<String> output =
                    run(
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
    void imageWithFindingsIsWrittenAndNotPushed() throws Exception {
        List<String> output =
                run(
                        """
                        base: scratch
                        files: dist:/srv
                        output: image.tar
                        push: true
                        tags: 127.0.0.1:9/app:1
                        sarif: bad.sarif
                        """,
                        Conclusion.CONCLUSION_FAILURE);

        assertThat(output.getFirst()).startsWith("sha256:");
        assertThat(output.get(1)).isEmpty();
        assertThat(meta).anyMatch(line -> line.contains("1 of 1 findings are high or worse"));
    }
}
