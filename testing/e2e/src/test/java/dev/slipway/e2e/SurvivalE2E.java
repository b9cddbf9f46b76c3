package dev.slipway.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;

/// `kill -9` in the middle of a step that prints a line every 10 ms for 20 s: the run succeeds, the
/// step ran once, and the log holds every line once, in order.
class SurvivalE2E {
    private static final int LINES = 2_000;
    private static final Duration LIMIT = Duration.ofSeconds(150);

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    Path scratch;

    @Test
    void killedCoordinatorLosesNothing() throws IOException {
        survive(true, false);
    }

    @Test
    void killedAgentLosesNothing() throws IOException {
        survive(false, true);
    }

    @Test
    void killedCoordinatorAndAgentLoseNothing() throws IOException {
        survive(true, true);
    }

    private void survive(boolean killCoordinator, boolean killAgent) throws IOException {
        Path project = project();
        try (var farm = new Farm(new Slipway(scratch), scratch)) {
            var agent = farm.startAgent("one");
            long run = farm.submit(project, ".github/workflows/count.yml");
            Path witness = scratch.resolve("witness");
            Eventually.holds("step has begun", LIMIT, () -> lineCount(witness) > 300);

            if (killAgent) {
                agent.killNine();
            }
            if (killCoordinator) {
                farm.coordinator().killNine();
            }
            int atKill = lineCount(witness);
            Eventually.holds("goes on alone", LIMIT, () -> lineCount(witness) > atKill + 200);
            if (killCoordinator) {
                farm.startCoordinator();
            }
            if (killAgent) {
                farm.startAgent("one");
            }

            assertThat(farm.awaitEnd(project, run, LIMIT)).isEqualTo("success");
            var log = farm.run(project, "logs", Long.toString(run), "--raw").expect(0);
            assertThat(log.lines()).isEqualTo(expectedLines());
            assertThat(Files.readAllLines(scratch.resolve("starts"))).containsExactly("started");
            var shown = farm.run(project, "show", Long.toString(run), "--json").expect(0);
            assertThat(shown.out()).doesNotContain("\"agent_lost\"");
        }
    }

    private Path project() throws IOException {
        Path project = Files.createDirectories(scratch.resolve("project"));
        Path workflows = Files.createDirectories(project.resolve(".github/workflows"));
        Files.writeString(
                workflows.resolve("count.yml"),
                """
                on: push
                jobs:
                  count:
                    runs-on: ubuntu-latest
                    steps:
                      - run: |
                          echo started >> '%1$s/starts'
                          i=1
                          while [ $i -le %2$d ]; do
                            echo "line $i"
                            echo x >> '%1$s/witness'
                            sleep 0.01
                            i=$((i+1))
                          done
                """
                        .formatted(scratch, LINES));
        return project;
    }

    private static List<String> expectedLines() {
        return IntStream.rangeClosed(1, LINES).mapToObj("line %d"::formatted).toList();
    }

    private static int lineCount(Path file) {
        try {
            return Files.exists(file) ? (int) (Files.size(file) / 2) : 0;
        } catch (IOException problem) {
            throw new AssertionError(problem);
        }
    }
}
