package dev.slipway.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.e2e.world.HealthPage;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/// `kill -9` of the coordinator and of the agent while four deployments are each in another phase:
/// before the rollout, during it, in the health gate, on the way back. Each target comes to one
/// healthy version, with one record.
class DeploymentSurvivalE2E {
    private static final List<String> PHASES = List.of("before", "rollout", "health", "rollback");
    private static final Duration LIMIT = Duration.ofSeconds(90);

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    Path scratch;

    private final AtomicInteger newVersion = new AtomicInteger(200);
    private final AtomicInteger oldVersion = new AtomicInteger(200);
    private final List<HealthPage> pages = new ArrayList<>();
    private Path project;

    @BeforeEach
    void openPages() throws IOException {
        project = Files.createDirectories(scratch.resolve("project"));
        Files.createDirectories(project.resolve("files"));
        Files.writeString(project.resolve("files/app"), "an application");
        // In the order of the phases: what must be healthy there.
        pages.add(new HealthPage(() -> 200));
        pages.add(new HealthPage(() -> 200));
        pages.add(new HealthPage(newVersion::get));
        pages.add(new HealthPage(oldVersion::get));
    }

    @AfterEach
    void stopServices() throws Exception {
        pages.forEach(HealthPage::close);
        Files.deleteIfExists(hold());
        for (String phase : PHASES) {
            Path stop = folder(phase).resolve("stop");
            if (Files.exists(stop)) {
                assertThat(new ProcessBuilder("sh", stop.toString()).start().waitFor()).isZero();
            }
        }
    }

    @Test
    void agentThatComesBackInTimeGoesOn() throws Exception {
        try (var farm = new Farm(slipway(), scratch)) {
            var agent = deployFirst(farm);
            try (var claim = holdEverything()) {
                long run = awaitAllHeld(farm);
                agent.killNine();
                farm.coordinator().killNine();
                farm.startCoordinator();
                farm.startAgent("one", "--slots", "4");
                letGo(claim);

                assertThat(farm.awaitEnd(project, run, LIMIT)).isEqualTo("failure");
            }
            assertEnds(farm, "before", "succeeded", "v2");
            assertEnds(farm, "rollout", "succeeded", "v2");
            assertEnds(farm, "health", "succeeded", "v2");
            assertEnds(farm, "rollback", "rolled-back", "v1");
        }
    }

    @Test
    void agentThatComesBackTooLateRecovers() throws Exception {
        try (var farm = new Farm(slipway(), scratch)) {
            var agent = deployFirst(farm);
            try (var claim = holdEverything()) {
                long run = awaitAllHeld(farm);
                agent.killNine();
                farm.coordinator().killNine();
                farm.startCoordinator();
                Eventually.holds(
                        "three of them wait for their agent",
                        LIMIT,
                        () ->
                                farm.run(project, "explain", "" + run)
                                                .out()
                                                .split("only agent 'one' can", -1)
                                                .length
                                        == 4);
                letGo(claim);
                farm.startAgent("one", "--slots", "4");

                assertThat(farm.awaitEnd(project, run, LIMIT)).isEqualTo("failure");
            }
            assertEnds(farm, "before", "failed", "v1");
            assertEnds(farm, "rollout", "rolled-back", "v1");
            assertEnds(farm, "health", "succeeded", "v2");
            assertEnds(farm, "rollback", "rolled-back", "v1");
        }
    }

    /// Leases end soon enough for a test.
    private Slipway slipway() {
        return new Slipway(scratch)
                .with("SLIPWAY_COORDINATOR_LEASE_TTL", "12s")
                .with("SLIPWAY_COORDINATOR_HEARTBEAT_INTERVAL", "1s")
                .with("SLIPWAY_COORDINATOR_UNREACHABLE_AFTER", "3s")
                .with("SLIPWAY_COORDINATOR_KILL_GRACE", "1s");
    }

    private Slipway.Background deployFirst(Farm farm) throws IOException {
        var agent = farm.startAgent("one", "--slots", "4");
        assertThat(farm.awaitEnd(project, submit(farm, "v1"), LIMIT)).isEqualTo("success");
        return agent;
    }

    private long submit(Farm farm, String version) throws IOException {
        var jobs = new StringBuilder("on: push\njobs:\n");
        for (String phase : PHASES) {
            jobs.append(job(phase, version));
        }
        Path file = project.resolve(".github/workflows/ship.yml");
        Files.createDirectories(file.getParent());
        Files.writeString(file, jobs);
        return farm.submit(project, ".github/workflows/ship.yml");
    }

    /// The old version stops slowly where that is asked for; the new one does not start where it
    /// has to go back.
    private String job(String phase, String version) {
        boolean broken = phase.equals("rollback") && version.equals("v2");
        String stop =
                phase.equals("rollout")
                        ? "while [ -e '%s' ]; do sleep 0.1; done".formatted(hold())
                        : "true";
        return """
          %1$s:
            runs-on: ubuntu-latest
            environment: %1$s
            steps:
              - uses: actions/checkout@v4
              - id: build
                run: echo version=%2$s >> "$GITHUB_OUTPUT"
              - uses: slipway/deploy@v1
                with:
                  target: host
                  version: ${{ steps.build.outputs.version }}
                  path: %3$s
                  files: files
                  start: %4$s
                  stop: "%5$s"
                  health-url: %6$s
                  health-interval: 100ms
                  health-successes: 2
                  health-deadline: 60s
        """
                .formatted(
                        phase,
                        version,
                        folder(phase),
                        broken ? "exit 7" : "exec sleep 100000",
                        stop,
                        pages.get(PHASES.indexOf(phase)).address());
    }

    private Path folder(String phase) {
        return scratch.resolve("deployed").resolve(phase);
    }

    private Path hold() {
        return scratch.resolve("hold");
    }

    /// Makes each deployment stay in its phase.
    ///
    /// @return what holds the lock of the first one's folder
    private Held holdEverything() throws Exception {
        Files.createFile(hold());
        newVersion.set(503);
        oldVersion.set(503);
        Process holder =
                new ProcessBuilder(
                                "flock",
                                folder("before").resolve("lock").toString(),
                                "sh",
                                "-c",
                                "echo held; exec cat >/dev/null")
                        .start();
        assertThat(holder.inputReader().readLine()).isEqualTo("held");
        return new Held(holder);
    }

    private record Held(Process process) implements AutoCloseable {
        @Override
        public void close() throws IOException {
            process.getOutputStream().close();
            process.onExit().join();
        }
    }

    private void letGo(Held claim) throws IOException {
        claim.close();
        Files.deleteIfExists(hold());
        newVersion.set(200);
        oldVersion.set(200);
    }

    private long awaitAllHeld(Farm farm) throws IOException {
        long run = submit(farm, "v2");
        for (String phase : PHASES) {
            String wanted = phase.equals("before") ? "claimed" : phase;
            Eventually.holds(
                    phase + " is " + wanted,
                    LIMIT,
                    () -> {
                        var newest = records(farm, phase).getFirst();
                        return newest.contains("\"number\":2,")
                                && newest.contains("\"phase\":\"%s\"".formatted(wanted));
                    });
        }
        return run;
    }

    private List<String> records(Farm farm, String environment) {
        return farm.run(project, "deployments", "--environment", environment, "--json")
                .expect(0)
                .lines();
    }

    private void assertEnds(Farm farm, String environment, String phase, String version)
            throws IOException {
        List<String> records = records(farm, environment);
        assertThat(records).as(environment).hasSize(2);
        assertThat(records.getFirst())
                .as(environment)
                .contains("\"phase\":\"%s\"".formatted(phase), "\"version\":\"v2\"");
        long number = version.equals("v2") ? 2 : 1;
        assertThat(Files.readSymbolicLink(folder(environment).resolve("current")).toString())
                .as(environment)
                .isEqualTo("releases/" + number);
        assertThat(running(environment)).as(environment).containsExactly(number);
    }

    /// Numbers of the releases of which a process lives.
    private List<Long> running(String environment) throws IOException {
        String variable = "SLIPWAY_RELEASE=" + folder(environment).toRealPath() + "/releases/";
        var found = new ArrayList<Long>();
        try (var processes = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
            for (Path process : processes) {
                environmentOf(process)
                        .lines()
                        .filter(line -> line.startsWith(variable))
                        .map(line -> Long.parseLong(line.substring(variable.length())))
                        .forEach(found::add);
            }
        }
        return found.stream().distinct().sorted().toList();
    }

    /// Empty for one that has ended meanwhile, or is another user's.
    private static String environmentOf(Path process) {
        try {
            return Files.readString(process.resolve("environ")).replace('\0', '\n');
        } catch (IOException gone) {
            return "";
        }
    }
}
