package dev.slipway.agent.runner;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.agent.AgentFixture;
import dev.slipway.agent.FakeFarm;
import dev.slipway.agent.FakeFarm.Submission;
import dev.slipway.agent.TestEngine;
import dev.slipway.api.v1.Cause;
import dev.slipway.api.v1.Conclusion;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;

/// Jobs in containers on a real engine.
@Timeout(120)
class ContainersIT {
    private final FakeFarm farm = new FakeFarm();

    @TempDir private Path work;

    @BeforeAll
    static void engine() throws Exception {
        TestEngine.require();
    }

    @AfterEach
    void nothingIsLeft() throws Exception {
        assertThat(TestEngine.run("docker", "ps", "-aq", "--filter", label())).isEmpty();
        assertThat(TestEngine.run("docker", "network", "ls", "-q", "--filter", label())).isEmpty();
    }

    private String label() throws Exception {
        return "label=dev.slipway.work=" + work.toRealPath();
    }

    private static String job(String keys, String steps) {
        return """
        on: push
        jobs:
          job:
            runs-on: ubuntu-latest
        %s
            steps:
        %s
        """
                .formatted(keys.indent(4).stripTrailing(), steps.indent(6).stripTrailing());
    }

    private List<String> plain(String attempt) {
        return farm.output(attempt).stream()
                .filter(line -> line.startsWith("> "))
                .map(line -> line.substring(2))
                .toList();
    }

    @Test
    void stepsInAContainerSeeGitHubsPathsAndHandOnWhatTheySet() throws Exception {
        String workflow =
                job(
                        "container: {image: '"
                                + TestEngine.IMAGE
                                + "', env: {GIVEN: given}}\n"
                                + "outputs: {x: '${{ steps.set.outputs.x }}'}",
                        """
                        - id: set
                          run: |
                            echo "x=from inside" >> "$GITHUB_OUTPUT"
                            echo "KEPT=kept" >> "$GITHUB_ENV"
                            mkdir -p "$RUNNER_TEMP/bin"
                            printf '#!/bin/sh\\necho "> on the path"\\n' > "$RUNNER_TEMP/bin/tool"
                            chmod +x "$RUNNER_TEMP/bin/tool"
                            echo "$RUNNER_TEMP/bin" >> "$GITHUB_PATH"
                            echo "text" > file.txt
                        - run: |
                            tool
                            echo "> $PWD $GITHUB_WORKSPACE ${{ github.workspace }}"
                            echo "> $RUNNER_TEMP ${{ runner.temp }} $RUNNER_TOOL_CACHE $HOME"
                            echo "> $GITHUB_EVENT_PATH $(cat "$GITHUB_EVENT_PATH" | wc -c)"
                            echo "> $KEPT $GIVEN $FROM_IMAGE $0"
                            echo "> ${{ job.container.id != '' }} ${{ hashFiles('file.txt') != '' }}"
                        - run: echo "> $PWD"
                          working-directory: /tmp
                        """);
        try (var _ = AgentFixture.start(farm, work)) {
            String attempt = farm.submit(Submission.of(workflow));
            var result = farm.awaitEnd(attempt).getResult();

            assertThat(result.getConclusion())
                    .as(String.join("\n", farm.output(attempt)))
                    .isEqualTo(Conclusion.CONCLUSION_SUCCESS);
            assertThat(result.getOutputsMap()).containsEntry("x", "from inside");
            assertThat(plain(attempt).subList(0, 3))
                    .containsExactly(
                            "on the path",
                            "/__w/rocket/rocket /__w/rocket/rocket /__w/rocket/rocket",
                            "/__w/_temp /__w/_temp /__t /github/home");
            assertThat(plain(attempt).get(3)).startsWith("/github/workflow/event.json ");
            assertThat(plain(attempt).get(4)).startsWith("kept given yes /__w/_temp/");
            assertThat(plain(attempt).subList(5, 7)).containsExactly("true true", "/tmp");
        }
    }

    @Test
    void everyLineOfAContainerStepArrivesOnceAcrossRestartsOfTheAgent() throws Exception {
        String workflow =
                job(
                        "container: " + TestEngine.IMAGE,
                        """
                        - run: |
                            i=1
                            while [ $i -le 300 ]; do
                              echo "> line $i"
                              sleep 0.02
                              i=$((i+1))
                            done
                        """);
        String attempt;
        try (var _ = AgentFixture.start(farm, work)) {
            attempt = farm.submit(Submission.of(workflow));
            farm.awaitOutput(attempt, "> line 30");
        }
        try (var _ = AgentFixture.start(farm, work)) {
            farm.awaitOutput(attempt, "> line 120");
        }
        try (var _ = AgentFixture.start(farm, work)) {
            farm.awaitOutput(attempt, "> line 300");
            var result = farm.awaitEnd(attempt).getResult();

            assertThat(result.getConclusion()).isEqualTo(Conclusion.CONCLUSION_SUCCESS);
        }
        assertThat(plain(attempt))
                .containsExactlyElementsOf(
                        IntStream.rangeClosed(1, 300).mapToObj(i -> "line " + i).toList());
    }

    @Test
    void cancelEndsTheTreeInsideTheContainer() throws Exception {
        String workflow =
                job(
                        "container: " + TestEngine.IMAGE,
                        """
                        - run: |
                            setsid sleep 600 &
                            echo "> started"
                            sleep 600
                        """);
        try (var _ = AgentFixture.start(farm, work)) {
            String attempt = farm.submit(Submission.of(workflow));
            farm.awaitOutput(attempt, "> started");
            farm.cancel(attempt);
            var result = farm.awaitEnd(attempt).getResult();

            assertThat(result.getConclusion()).isEqualTo(Conclusion.CONCLUSION_CANCELLED);
            assertThat(farm.meta(attempt)).contains("Sent SIGINT to 3 processes.");
        }
    }

    @Test
    void containerThatIsRemovedUnderAStepIsNeverASuccess() throws Exception {
        String workflow =
                job("container: " + TestEngine.IMAGE, "- run: |\n    echo '> up'\n    sleep 600\n");
        try (var _ = AgentFixture.start(farm, work)) {
            String attempt = farm.submit(Submission.of(workflow));
            farm.awaitOutput(attempt, "> up");
            TestEngine.run(
                    "docker",
                    "rm",
                    "-f",
                    TestEngine.run("docker", "ps", "-q", "--filter", label()));
            var result = farm.awaitEnd(attempt).getResult();

            assertThat(result.getCause()).isEqualTo(Cause.CAUSE_INFRASTRUCTURE);
        }
    }

    @Test
    void serviceIsAwaitedAndReachedByItsName() throws Exception {
        String workflow =
                job(
                        """
                        container: %1$s
                        services:
                          web:
                            image: %1$s
                            command: sh -c "sleep 1; mkdir /www; echo hello > /www/index.html; httpd -f -p 80 -h /www"
                            ports: ["80"]
                            options: --health-cmd "wget -q -O - http://127.0.0.1/" --health-interval 1s --health-retries 20
                        """
                                .formatted(TestEngine.IMAGE),
                        """
                        - run: |
                            echo "> $(wget -q -O - http://web/)"
                            test -n "${{ job.services.web.ports['80'] }}"
                            test -n "${{ job.services.web.network }}"
                        """);
        try (var _ = AgentFixture.start(farm, work)) {
            String attempt = farm.submit(Submission.of(workflow));
            var result = farm.awaitEnd(attempt).getResult();

            assertThat(result.getConclusion())
                    .as(String.join("\n", farm.output(attempt)))
                    .isEqualTo(Conclusion.CONCLUSION_SUCCESS);
            assertThat(plain(attempt)).containsExactly("hello");
        }
    }

    @Test
    void serviceThatFailsFailsTheJobAndItsOutputIsKept() throws Exception {
        String workflow =
                job(
                        """
                        services:
                          db:
                            image: %s
                            command: sh -c "echo no disk; exit 3"
                            options: --health-cmd true --health-interval 1s
                        """
                                .formatted(TestEngine.IMAGE),
                        "- run: echo never\n");
        try (var _ = AgentFixture.start(farm, work)) {
            String attempt = farm.submit(Submission.of(workflow));
            var result = farm.awaitEnd(attempt).getResult();

            assertThat(result.getConclusion()).isEqualTo(Conclusion.CONCLUSION_FAILURE);
            assertThat(farm.meta(attempt)).contains("no disk");
            assertThat(String.join("\n", farm.meta(attempt)))
                    .contains("has ended with exit code 3")
                    .doesNotContain("echo never");
        }
    }

    @Test
    void imageIsAStepOfItsOwnWithArgumentsAndCommandFiles() throws Exception {
        String workflow =
                job(
                        "outputs: {x: '${{ steps.it.outputs.x }}'}",
                        """
                        - id: it
                          uses: docker://%s
                          env: {WORD: word}
                          with:
                            entrypoint: /bin/sh
                            args: -c "echo \\"> $WORD $PWD $HOME $INPUT_OTHER\\"; echo x=1 >> $GITHUB_OUTPUT"
                            other: more
                        """
                                .formatted(TestEngine.IMAGE));
        try (var _ = AgentFixture.start(farm, work)) {
            String attempt = farm.submit(Submission.of(workflow));
            var result = farm.awaitEnd(attempt).getResult();

            assertThat(result.getConclusion())
                    .as(String.join("\n", farm.output(attempt)))
                    .isEqualTo(Conclusion.CONCLUSION_SUCCESS);
            assertThat(plain(attempt)).containsExactly("word /github/workspace /github/home more");
            assertThat(result.getOutputsMap()).containsEntry("x", "1");
        }
    }

    @Test
    void actionWithADockerfileIsBuiltAndRunAcrossARestart() throws Exception {
        String workflow =
                job(
                        "",
                        """
                        - run: |
                            mkdir -p act
                            printf 'FROM %s\\nENTRYPOINT ["sh","-c"]\\n' > act/Dockerfile
                            cat > act/action.yml <<'YAML'
                            name: act
                            description: counts
                            inputs: {to: {default: '5'}}
                            runs:
                              using: docker
                              image: Dockerfile
                              args: ["i=1; while [ $i -le $INPUT_TO ]; do echo \\"> line $i\\"; sleep 0.02; i=$((i+1)); done"]
                            YAML
                        - uses: ./act
                          with: {to: 200}
                        """
                                .formatted(TestEngine.IMAGE));
        String attempt;
        try (var _ = AgentFixture.start(farm, work)) {
            attempt = farm.submit(Submission.of(workflow));
            farm.awaitOutput(attempt, "> line 40");
        }
        try (var _ = AgentFixture.start(farm, work)) {
            var result = farm.awaitEnd(attempt).getResult();

            assertThat(result.getConclusion())
                    .as(String.join("\n", farm.output(attempt)))
                    .isEqualTo(Conclusion.CONCLUSION_SUCCESS);
        }
        assertThat(plain(attempt))
                .containsExactlyElementsOf(
                        IntStream.rangeClosed(1, 200).mapToObj(i -> "line " + i).toList());
    }

    @Test
    void memoryLimitOfAnImageIsSaidToBeTheCause() throws Exception {
        String workflow =
                job(
                        "",
                        """
                        - run: |
                            mkdir -p act
                            printf 'FROM %s\\nENTRYPOINT ["sh","-c"]\\n' > act/Dockerfile
                            printf 'name: act\\nruns: {using: docker, image: Dockerfile, args: ["tail /dev/zero"]}\\n' > act/action.yml
                        - uses: ./act
                        """
                                .formatted(TestEngine.IMAGE));
        try (var _ = AgentFixture.startLimited(farm, work, 64L << 20)) {
            String attempt = farm.submit(Submission.of(workflow));
            var result = farm.awaitEnd(attempt).getResult();

            assertThat(result.getConclusion()).isEqualTo(Conclusion.CONCLUSION_FAILURE);
            assertThat(String.join("\n", farm.meta(attempt)))
                    .contains("used more memory than it may");
        }
    }

    @Test
    void containersOfAnAttemptThatIsGoneAreSwept() throws Exception {
        TestEngine.run(
                "docker",
                "run",
                "-d",
                "--label",
                label().substring("label=".length()),
                "--label",
                "dev.slipway.job=slipway:farm:9/9/9",
                TestEngine.IMAGE,
                "sleep",
                "600");
        try (var _ = AgentFixture.start(farm, work)) {
            while (!TestEngine.run("docker", "ps", "-aq", "--filter", label()).isEmpty()) {
                Thread.onSpinWait();
            }
        }
        assertThat(Files.isDirectory(work)).isTrue();
    }
}
