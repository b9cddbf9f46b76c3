package dev.slipway.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;

/// Several terminals, one embedded farm: whoever came first serves the others.
class SharedFarmE2E {
    private static final Duration LIMIT = Duration.ofSeconds(60);

    // A step that outlives its farm may still write here when the test ends.
    @TempDir(cleanup = CleanupMode.NEVER)
    Path scratch;

    @Test
    void otherTerminalsGoOnWhenTheOneThatServesIsKilled() throws IOException {
        Path project =
                workflow(
                        """
                        steps:
                          - run: |
                              echo begun; touch '%1$s/begun-${{ github.run_number }}'
                              until test -e '%1$s/gate'; do sleep 0.1; done
                              echo done
                        """
                                .formatted(scratch));
        try (var slipway = new Slipway(scratch)) {
            var first = slipway.start("first", project, "run", ".");
            awaitFiles("begun-", 1);
            var second = slipway.start("second", project, "run", ".");
            awaitFiles("begun-", 2);

            first.killNine();
            Files.createFile(scratch.resolve("gate"));

            assertThat(second.await(120)).as(second.output()).isEqualTo(0);
            for (String run : new String[] {"1", "2"}) {
                Eventually.holds(
                        "run " + run + " has ended",
                        LIMIT,
                        () -> {
                            var shown = slipway.run(project, "show", run, "--json").expect(0);
                            return Farm.field(shown.out(), "conclusion").equals("success");
                        });
                var log = slipway.run(project, "logs", run, "--raw").expect(0);
                assertThat(log.lines()).containsExactly("begun", "done");
            }
        }
    }

    @Test
    void secondCtrlCKillsWhatTheFirstOneOnlyAsked() throws IOException {
        Path project =
                workflow(
                        """
                        steps:
                          - run: trap '' INT TERM; touch '%1$s/begun'; while :; do sleep 0.1; done
                          - if: always()
                            run: touch '%1$s/cleaned'; sleep 1000
                        """
                                .formatted(scratch));
        try (var slipway = new Slipway(scratch)) {
            var run = slipway.start("run", project, "run", ".");
            awaitFiles("begun", 1);

            run.signal("INT");
            Eventually.holds("it says so", LIMIT, () -> run.output().contains("Cancelling"));
            run.signal("INT");

            assertThat(run.await(60)).isEqualTo(1);
            assertThat(run.output()).contains("Killing the run.", "cancelled");
            assertThat(scratch.resolve("cleaned")).doesNotExist();
        }
    }

    private void awaitFiles(String prefix, int count) {
        Eventually.holds(
                count + " files " + prefix + "*",
                LIMIT,
                () -> {
                    try (Stream<Path> files = Files.list(scratch)) {
                        return files.filter(file -> isNamed(file, prefix)).count() == count;
                    } catch (IOException problem) {
                        throw new AssertionError(problem);
                    }
                });
    }

    private static boolean isNamed(Path file, String prefix) {
        return file.getFileName().toString().startsWith(prefix);
    }

    private Path workflow(String steps) throws IOException {
        Path project = Files.createDirectories(scratch.resolve("project"));
        Path workflows = Files.createDirectories(project.resolve(".github/workflows"));
        Files.writeString(
                workflows.resolve("ci.yml"),
                "on: push\njobs:\n  only:\n    runs-on: ubuntu-latest\n" + steps.indent(4));
        return project;
    }
}
