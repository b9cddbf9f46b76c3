package dev.slipway.agent.runner;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.slipway.agent.AgentFixture;
import dev.slipway.agent.FakeFarm;
import dev.slipway.agent.FakeFarm.Submission;
import dev.slipway.agent.TestEngine;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/// The end of a lease in containers, while the agent is stopped or dead: real agents in processes
/// of their own.
@Timeout(150)
class ContainerLeaseIT {
    /// The watchdogs of steps begin to kill 10 s before the end, and look every 15 s at least.
    private static final Duration LEASE = Duration.ofSeconds(24);

    @TempDir private Path work;
    @TempDir private Path folder;

    private Process agent;

    @BeforeAll
    static void engine() throws Exception {
        TestEngine.require();
    }

    @AfterEach
    void endWhatIsLeft() throws Exception {
        if (agent != null) {
            agent.destroyForcibly().waitFor();
        }
        for (String container : containers("-aq")) {
            TestEngine.run("docker", "rm", "-f", "-v", container);
        }
        for (String network :
                TestEngine.run("docker", "network", "ls", "-q", "--filter", label())
                        .lines()
                        .toList()) {
            TestEngine.run("docker", "network", "rm", network);
        }
    }

    private String label() throws IOException {
        return "label=dev.slipway.work=" + work.toRealPath();
    }

    private List<String> containers(String which) throws Exception {
        return TestEngine.run("docker", "ps", which, "--filter", label()).lines().toList();
    }

    /// Starts an agent with one job and waits for the job's line `> up`.
    private void start(String job) throws Exception {
        Path workflow = folder.resolve("workflow.yml");
        Files.writeString(
                workflow,
                """
                on: push
                jobs:
                  job:
                    runs-on: ubuntu-latest
                %s
                """
                        .formatted(job.formatted(TestEngine.IMAGE).indent(4)));
        agent =
                new ProcessBuilder(
                                ProcessHandle.current().info().command().orElseThrow(),
                                "-cp",
                                System.getProperty("java.class.path"),
                                ContainerLeaseIT.class.getName(),
                                work.toString(),
                                workflow.toString())
                        .redirectError(folder.resolve("agent.log").toFile())
                        .start();
        var lines = agent.inputReader(UTF_8);
        String line = lines.readLine();
        while (line != null && !line.equals("up")) {
            line = lines.readLine();
        }
        assertThat(line).as("see %s", folder.resolve("agent.log")).isEqualTo("up");
    }

    /// @param args the work directory, the workflow's file
    public static void main(String[] args) throws Exception {
        var farm = new FakeFarm();
        farm.leaseTtl(LEASE);
        try (var _ = AgentFixture.start(farm, Path.of(args[0]))) {
            String attempt = farm.submit(Submission.of(Files.readString(Path.of(args[1]))));
            farm.awaitOutput(attempt, "> up");
            System.out.println("up");
            Thread.currentThread().join();
        }
    }

    private void signal(String name) throws Exception {
        String pid = Long.toString(agent.pid());
        assertThat(new ProcessBuilder("kill", "-s", name, pid).start().waitFor()).isZero();
    }

    private void awaitNoContainerRuns() throws Exception {
        long limit = System.nanoTime() + LEASE.plusSeconds(30).toNanos();
        while (!containers("-q").isEmpty()) {
            assertThat(System.nanoTime()).as("containers still run").isLessThan(limit);
            Thread.sleep(200);
        }
    }

    private List<String> exits() throws IOException {
        try (Stream<Path> all = Files.walk(work.resolve("attempts"))) {
            return all.filter(file -> file.endsWith("exit"))
                    .map(
                            file -> {
                                try {
                                    return Files.readString(file).strip();
                                } catch (IOException problem) {
                                    throw new java.io.UncheckedIOException(problem);
                                }
                            })
                    .toList();
        }
    }

    @Test
    void stoppedAgentsStepServiceAndContainerEndWithTheLease() throws Exception {
        start(
                """
                container: {image: '%1$s'}
                services: {web: {image: '%1$s', command: sleep 600}}
                steps:
                  - run: |
                      trap '' INT TERM
                      echo "> up"
                      while :; do sleep 1; done
                """);
        signal("STOP");
        assertThat(containers("-q")).hasSize(2);

        awaitNoContainerRuns();

        // The watchdog inside had ended the step before its container was killed.
        assertThat(exits()).containsExactly("slipway-exit 1 lease-lost");
    }

    @Test
    void killedAgentsDockerActionEndsWithTheLease() throws Exception {
        start(
                """
                steps:
                  - uses: docker://%1$s
                    with: {entrypoint: /bin/sh, args: -c "trap '' INT TERM; echo '> up'; sleep 600"}
                """);
        signal("KILL");
        assertThat(containers("-q")).hasSize(1);

        awaitNoContainerRuns();
    }
}
