package dev.slipway.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.Pattern;

/// What a person with a laptop does: `slipway run`, with nothing else installed.
class LocalRunE2E {
    // A step that outlives its farm may still write here when the test ends.
    @TempDir(cleanup = CleanupMode.NEVER)
    Path scratch;

    @Test
    void quickstartRunsAndItsSecondRunFindsTheCache() throws IOException {
        Path project =
                copyOf(Path.of(System.getProperty("slipway.root"), "examples", "quickstart"));
        try (var slipway = new Slipway(scratch)) {
            slipway.run(project, "run", ".").expect(0);
            var second = slipway.run(project, "run", ".").expect(0);
            assertThat(second.out())
                    .containsIgnoringCase("cache restored")
                    .as("no escapes on a pipe")
                    .doesNotContain("\u001b");

            var artifacts = slipway.run(project, "artifacts", "2").expect(0);
            assertThat(artifacts.out()).isNotBlank();
            assertThat(slipway.run(project, "runs").expect(0).lines())
                    .hasSizeGreaterThanOrEqualTo(2);
        }
    }

    @Test
    void failedRunExitsWithOneAndShowsTheFailingLine() throws IOException {
        Path project = workflow("{run: 'echo right before; exit 7'}");
        try (var slipway = new Slipway(scratch)) {
            var result = slipway.run(project, "run", ".").expect(1);

            assertThat(result.out() + result.err())
                    .contains("right before", "Process completed with exit code 7.");
        }
    }

    @Test
    void interruptedRunIsCancelledCleanly() throws IOException {
        Path begun = scratch.resolve("begun");
        Path project = workflow("{run: 'echo $$ > %s; sleep 1000'}".formatted(begun));
        try (var slipway = new Slipway(scratch)) {
            var run = slipway.start("run", project, "run", ".");
            Eventually.holds("the step runs", Duration.ofSeconds(60), () -> Files.exists(begun));

            run.signal("INT");

            assertThat(run.await(60)).isEqualTo(1);
            assertThat(run.output()).containsIgnoringCase("cancel");
            long step = Long.parseLong(Files.readString(begun).strip());
            assertThat(ProcessHandle.of(step).filter(ProcessHandle::isAlive)).isEmpty();
        }
    }

    @Test
    void runThatWasKilledIsEndedByTheNextCommand() throws IOException {
        Path begun = scratch.resolve("begun");
        Path project = workflow("{run: 'echo $$ > %s; sleep 5; echo survived'}".formatted(begun));
        try (var slipway = new Slipway(scratch)) {
            var run = slipway.start("run", project, "run", ".");
            Eventually.holds("the step runs", Duration.ofSeconds(60), () -> Files.exists(begun));
            run.killNine();

            slipway.run(workflow("{run: echo second}"), "run", ".").expect(0);

            var first = slipway.run(project, "show", "1", "--json").expect(0);
            assertThat(first.out()).containsPattern(Pattern.compile("\"status\"\\s*:"));
            var log = slipway.run(project, "logs", "1", "--raw").expect(0);
            assertThat(log.lines().stream().filter("survived"::equals).count()).isLessThan(2);
        }
    }

    private Path workflow(String step) throws IOException {
        Path project = Files.createDirectories(scratch.resolve("project"));
        Path workflows = Files.createDirectories(project.resolve(".github/workflows"));
        Files.writeString(
                workflows.resolve("ci.yml"),
                """
                on: push
                jobs:
                  only:
                    runs-on: ubuntu-latest
                    steps:
                      - %s
                """
                        .formatted(step));
        return project;
    }

    private Path copyOf(Path example) throws IOException {
        Path target = scratch.resolve("copy");
        try (var files = Files.walk(example)) {
            for (Path file : files.toList()) {
                Path to = target.resolve(example.relativize(file).toString());
                if (Files.isDirectory(file)) {
                    Files.createDirectories(to);
                } else {
                    Files.copy(file, to);
                }
            }
        }
        return target;
    }
}
