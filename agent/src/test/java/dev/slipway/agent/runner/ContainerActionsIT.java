package dev.slipway.agent.runner;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.agent.AgentFixture;
import dev.slipway.agent.FakeFarm;
import dev.slipway.agent.FakeFarm.Submission;
import dev.slipway.agent.TestEngine;
import dev.slipway.agent.v1.AttemptState;
import dev.slipway.api.v1.Conclusion;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/// JavaScript and Docker actions in jobs that have a container, on a real engine. Their pre stages
/// are tried by `ContainerSurvivalE2E`: an action of the workspace has none.
@Timeout(120)
class ContainerActionsIT {
    private static final String ACTIONS =
            """
            mkdir -p js image
            cat > js/action.yml <<'YAML'
            name: js
            inputs: {who: {default: world}}
            outputs: {greeting: {description: what it said}}
            runs: {using: node20, main: main.js, post: post.js}
            YAML
            cat > js/main.js <<'JS'
            const fs = require('fs');
            const e = process.env;
            console.log(`> main ${e.INPUT_WHO} ${process.cwd()} ${e.GITHUB_WORKSPACE}`);
            console.log(`> ${e.RUNNER_TEMP} ${__dirname} ${e.GITHUB_ACTION_PATH}`);
            fs.writeFileSync(`${e.RUNNER_TEMP}/from-js-${e.INPUT_WHO}`, 'text');
            fs.appendFileSync(e.GITHUB_OUTPUT, `greeting=hello ${e.INPUT_WHO}\\n`);
            fs.appendFileSync(e.GITHUB_ENV, `SET_BY_${e.INPUT_WHO}=yes\\n`);
            fs.appendFileSync(e.GITHUB_STATE, `kept=${e.INPUT_WHO}\\n`);
            JS
            cat > js/post.js <<'JS'
            console.log(`> post ${process.env.STATE_kept} ${process.env.INPUT_WHO}`);
            JS
            printf 'FROM %s\\nCOPY main.sh post.sh /\\n' > image/Dockerfile
            cat > image/action.yml <<'YAML'
            name: image
            runs: {using: docker, image: Dockerfile, entrypoint: /main.sh, post-entrypoint: /post.sh}
            YAML
            cat > image/main.sh <<'SH'
            #!/bin/sh
            echo "> image main $PWD $SET_BY_a"
            ls /github/runner_temp/from-js-a
            echo "kept=image" >> "$GITHUB_STATE"
            echo "made=by image" >> "$GITHUB_OUTPUT"
            SH
            printf '#!/bin/sh\\necho "> image post $STATE_kept"\\n' > image/post.sh
            chmod +x image/*.sh
            """;

    private final FakeFarm farm = new FakeFarm();

    @TempDir private Path work;
    @TempDir private Path programs;

    private List<String> output = List.of();
    private List<String> meta = List.of();

    @BeforeAll
    static void engine() throws Exception {
        TestEngine.require();
        TestEngine.requireGlibcImage();
    }

    private AttemptState run(String container, String steps, Map<String, String> environment)
            throws Exception {
        String workflow =
                """
                on: push
                jobs:
                  job:
                    runs-on: ubuntu-latest
                    container: {image: '%s'%s}
                    steps:
                      - run: |
                %s
                %s
                """
                        .formatted(
                                container.isEmpty() ? TestEngine.GLIBC_IMAGE : TestEngine.IMAGE,
                                container,
                                ACTIONS.replace("%s", TestEngine.IMAGE)
                                        .replace("${{", "${{ '${{' }}")
                                        .indent(10)
                                        .stripTrailing(),
                                steps.indent(6).stripTrailing());
        try (var _ = AgentFixture.start(farm, work, environment)) {
            String attempt = farm.submit(Submission.of(workflow));
            var state = farm.awaitEnd(attempt);
            output = farm.output(attempt);
            meta = farm.meta(attempt);
            return state;
        }
    }

    private List<String> plain() {
        return output.stream()
                .filter(line -> line.startsWith("> "))
                .map(line -> line.substring(2))
                .toList();
    }

    @Test
    void javaScriptAndDockerActionsWorkAsOnTheMachineAndPostsRunLastOneFirst() throws Exception {
        var state =
                run(
                        "",
                        """
                        - {id: a, uses: ./js, with: {who: a}}
                        - {id: image, uses: ./image}
                        - {id: b, uses: ./js, with: {who: b}}
                        - run: |
                            echo "> ${{ steps.a.outputs.greeting }}, ${{ steps.image.outputs.made }}"
                            echo "> $SET_BY_a $SET_BY_b $(command -v node)"
                        """,
                        Map.of());

        assertThat(state.getResult().getConclusion())
                .as("%s %s", output, meta)
                .isEqualTo(Conclusion.CONCLUSION_SUCCESS);
        String workspace = "/__w/rocket/rocket";
        String folders = "/__w/_temp %1$s/js %1$s/js".formatted(workspace);
        assertThat(plain())
                .containsExactly(
                        "main a %1$s %1$s".formatted(workspace),
                        folders,
                        "image main /github/workspace yes",
                        "main b %1$s %1$s".formatted(workspace),
                        folders,
                        "hello a, by image",
                        "yes yes ",
                        "post b b",
                        "image post image",
                        "post a a");
    }

    @Test
    void imageWithoutGlibcAndNodeIsToldAndSoIsWhatToDo() throws Exception {
        var state = run(", env: {X: x}", "- uses: ./js\n", Map.of());

        assertThat(state.getResult().getConclusion()).isEqualTo(Conclusion.CONCLUSION_FAILURE);
        assertThat(String.join("\n", meta))
                .contains("This action runs on Node.js (node20), but none runs in the job's")
                .contains("the agent's own does not run there (")
                .contains("'apk add nodejs'");
    }

    @Test
    void imagesOwnNodeRunsWhereTheAgentsDoesNot() throws Exception {
        var state =
                run(
                        ", env: {X: x}",
                        """
                        - run: |
                            mkdir -p /opt/tools
                            printf '#!/bin/sh\\necho "> own node $1"\\n' > /opt/tools/node
                            chmod +x /opt/tools/node
                            echo /opt/tools >> "$GITHUB_PATH"
                        - uses: ./js
                        """,
                        Map.of());

        assertThat(state.getResult().getConclusion())
                .as("%s %s", output, meta)
                .isEqualTo(Conclusion.CONCLUSION_SUCCESS);
        assertThat(plain())
                .containsExactly(
                        "own node /__w/rocket/rocket/js/main.js",
                        "own node /__w/rocket/rocket/js/post.js");
    }

    @Test
    void agentWithoutNodeSaysThatItHasNoneToLend() throws Exception {
        // Everything but node.
        Path bin = Files.createDirectory(programs.resolve("bin"));
        for (String folder : List.of("/usr/local/bin", "/usr/bin", "/bin")) {
            try (var files = Files.newDirectoryStream(Path.of(folder))) {
                for (Path file : files) {
                    Path link = bin.resolve(file.getFileName());
                    if (!file.endsWith("node") && !Files.exists(link)) {
                        Files.createSymbolicLink(link, file);
                    }
                }
            }
        }

        var state = run("", "- uses: ./js\n", Map.of("PATH", bin.toString()));
        // JUnit would warn of each link.
        TestEngine.run("rm", "-rf", bin.toString());

        assertThat(state.getResult().getConclusion()).isEqualTo(Conclusion.CONCLUSION_FAILURE);
        assertThat(String.join("\n", meta)).contains("this agent has none on its PATH to lend");
    }

    @Test
    void stepThatIsKilledForTheContainersMemoryIsToldSo() throws Exception {
        var state =
                run(
                        ", options: --memory 48m --memory-swap 48m",
                        "- run: tail /dev/zero\n",
                        Map.of());

        assertThat(state.getResult().getConclusion()).isEqualTo(Conclusion.CONCLUSION_FAILURE);
        assertThat(String.join("\n", meta)).contains("the container used more memory than it may");
    }
}
