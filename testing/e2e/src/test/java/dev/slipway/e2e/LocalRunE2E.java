package dev.slipway.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
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
    void quickstartDeploysIsReplacedByItsSecondRunAndABrokenVersionIsRolledBack() throws Exception {
        Path project =
                copyOf(Path.of(System.getProperty("slipway.root"), "examples", "quickstart"));
        String port = "QUICKSTART_PORT=" + freePort();
        String version = "http://127.0.0.1:" + port.split("=")[1] + "/version.txt";
        try (var slipway = new Slipway(scratch)) {
            var first = slipway.run(project, "run", ".", "--var", port).expect(0);
            assertThat(first.out()).contains("slugs 1.0.1 runs at http://127.0.0.1:");
            assertThat(get(version)).isEqualTo("1.0.1");

            var second = slipway.run(project, "run", ".", "--var", port).expect(0);
            assertThat(get(version)).isEqualTo("1.0.2");
            assertThat(second.out())
                    .containsIgnoringCase("cache restored")
                    .as("no escapes on a pipe")
                    .doesNotContain("\u001b");

            var artifacts = slipway.run(project, "artifacts", "2").expect(0);
            assertThat(artifacts.out()).isNotBlank();
            assertThat(slipway.run(project, "runs").expect(0).lines())
                    .hasSizeGreaterThanOrEqualTo(2);

            var broken =
                    slipway.run(
                                    project,
                                    "run",
                                    ".github/workflows/rollback.yml",
                                    "--event",
                                    "workflow_dispatch",
                                    "--var",
                                    port)
                            .expect(1);
            assertThat(broken.out())
                    .contains("status 404 instead of 200-299", "rolled back to 1.0.2");
            assertThat(get(version)).isEqualTo("1.0.2");
        } finally {
            stopService();
        }
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    private static String get(String url) throws Exception {
        try (var client = HttpClient.newHttpClient()) {
            var request =
                    HttpRequest.newBuilder(URI.create(url)).timeout(Duration.ofSeconds(10)).build();
            return client.send(request, HttpResponse.BodyHandlers.ofString()).body().strip();
        }
    }

    /// What was deployed outlives its farm, as it should.
    private void stopService() throws IOException, InterruptedException {
        try (var files = Files.walk(scratch)) {
            for (Path folder : files.filter(file -> file.endsWith("starts")).toList()) {
                String stop = folder.resolveSibling("stop").toString();
                new ProcessBuilder("sh", stop).start().waitFor();
            }
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
