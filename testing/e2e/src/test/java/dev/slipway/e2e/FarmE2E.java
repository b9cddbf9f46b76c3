package dev.slipway.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/// A coordinator and three agents as processes of their own, driven through the CLI.
class FarmE2E {
    private static final Duration LIMIT = Duration.ofSeconds(120);

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    Path scratch;

    @Test
    void threeAgentsShareAMatrixAndFailuresCanBeRerun() throws IOException {
        Path project =
                workflow(
                        """
                        on: push
                        jobs:
                          spread:
                            runs-on: ubuntu-latest
                            strategy:
                              matrix: {n: [1, 2, 3, 4, 5, 6]}
                            steps:
                              - run: echo "leg ${{ matrix.n }}"
                          once:
                            needs: spread
                            runs-on: ubuntu-latest
                            steps:
                              - run: |
                                  echo "token is ${{ secrets.TOKEN }}"
                                  test -e '%1$s/mended' || { echo "::error::not mended"; exit 3; }
                        """
                                .formatted(scratch));
        try (var farm = new Farm(new Slipway(scratch), scratch)) {
            for (String name : new String[] {"a", "b", "c"}) {
                farm.startAgent(name);
            }
            long run = farm.submit(project, "--secret", "TOKEN=s3cr3t-v4lue-17");
            String number = Long.toString(run);

            assertThat(farm.awaitEnd(project, run, LIMIT)).isEqualTo("failure");
            var shown = farm.run(project, "show", number).expect(0);
            assertThat(shown.out()).contains("not mended");
            Files.writeString(scratch.resolve("mended"), "yes");
            farm.run(project, "rerun", number, "--failed").expect(0);
            assertThat(farm.awaitEnd(project, run, LIMIT)).isEqualTo("success");

            var log = farm.run(project, "logs", number, "--raw").expect(0);
            assertThat(log.out())
                    .contains("leg 1\nleg 2\nleg 3\nleg 4\nleg 5\nleg 6\n", "token is ***")
                    .doesNotContain("s3cr3t-v4lue-17");
            assertThat(farm.run(project, "agents").expect(0).out()).contains("a", "b", "c");
            assertThat(filesContaining(scratch.resolve("data"), "s3cr3t-v4lue-17")).isEmpty();
        }
    }

    @Test
    void cancelReachesTheWholeTreeAndAlwaysStepsRun() throws IOException {
        Path project =
                workflow(
                        """
                        on: push
                        jobs:
                          long:
                            runs-on: ubuntu-latest
                            steps:
                              - run: |
                                  setsid sh -c 'sleep 1000; echo never' &
                                  echo $! > '%1$s/child'
                                  echo begun > '%1$s/begun'
                                  sleep 1000
                              - if: always()
                                run: echo cleaned up
                        """
                                .formatted(scratch));
        try (var farm = new Farm(new Slipway(scratch), scratch)) {
            farm.startAgent("one");
            long run = farm.submit(project);
            String number = Long.toString(run);
            Path begun = scratch.resolve("begun");
            Eventually.holds("the step runs", LIMIT, () -> Files.exists(begun));
            var follower = farm.follow("follow", project, "logs", number, "-f");

            farm.run(project, "cancel", number).expect(0);

            assertThat(farm.awaitEnd(project, run, LIMIT)).isEqualTo("cancelled");
            follower.await(30);
            assertThat(follower.output()).contains("cleaned up");
            long child = Long.parseLong(Files.readString(scratch.resolve("child")).strip());
            Path stat = Path.of("/proc/" + child + "/stat");
            Eventually.holds("the child is dead", LIMIT, () -> isDead(stat));
        }
    }

    @Test
    void jobThatNoAgentFitsIsExplained() throws IOException {
        Path project =
                workflow(
                        """
                        on: push
                        jobs:
                          special:
                            runs-on: [self-hosted, gpu]
                            steps: [{run: nvidia-smi}]
                        """);
        try (var farm = new Farm(new Slipway(scratch), scratch)) {
            farm.startAgent("one");
            long run = farm.submit(project);

            var explained = farm.run(project, "explain", Long.toString(run)).expect(0);

            assertThat(explained.out()).contains("gpu");
            farm.run(project, "cancel", Long.toString(run)).expect(0);
            assertThat(farm.awaitEnd(project, run, LIMIT)).isEqualTo("cancelled");
        }
    }

    /// Gone, or a zombie that its parent has not collected yet.
    private static boolean isDead(Path stat) {
        try {
            return Files.readString(stat).contains(") Z ");
        } catch (IOException gone) {
            return true;
        }
    }

    private Path workflow(String text) throws IOException {
        Path project = scratch.resolve("project");
        Path workflows = Files.createDirectories(project.resolve(".github/workflows"));
        Files.writeString(workflows.resolve("ci.yml"), text);
        return project;
    }

    private static java.util.List<Path> filesContaining(Path folder, String text)
            throws IOException {
        byte[] wanted = text.getBytes(java.nio.charset.StandardCharsets.ISO_8859_1);
        try (var files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile)
                    .filter(file -> contains(file, wanted))
                    .toList();
        }
    }

    private static boolean contains(Path file, byte[] wanted) {
        try {
            var latin = java.nio.charset.StandardCharsets.ISO_8859_1;
            return new String(Files.readAllBytes(file), latin).contains(new String(wanted, latin));
        } catch (IOException problem) {
            throw new AssertionError(problem);
        }
    }
}
