package dev.slipway.agent.deployment.host;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/// `kill -9` of the deploying process at every point: the target converges to one healthy version,
/// with one record.
@Timeout(120)
class HostKillIT {
    @TempDir Path place;

    private Path app;

    @BeforeEach
    void firstVersionRuns() throws Exception {
        Files.createDirectories(place.resolve("files-bad"));
        for (String version : List.of("v1", "v2")) {
            Files.writeString(
                    Files.createDirectories(place.resolve("files-" + version)).resolve("healthy"),
                    "");
        }
        app = place.toRealPath().resolve("app");
        assertThat(deploy(1, "v1", "never")).isEqualTo("ended SUCCEEDED v1");
    }

    @AfterEach
    void stop() throws Exception {
        assertThat(new ProcessBuilder("sh", app.resolve("stop").toString()).start().waitFor())
                .isZero();
        assertThat(serving()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "claimed",
                "after ROLLOUT",
                "rolled out",
                "watching",
                "settled",
                "after SUCCEEDED"
            })
    void goodVersionIsDeployedAllTheSame(String point) throws Exception {
        assertThat(deploy(2, "v2", point)).isEqualTo("at " + point);

        assertThat(deploy(2, "v2", "never")).isEqualTo("ended SUCCEEDED v2");

        assertThat(serving()).hasSize(1).allMatch(release -> release.endsWith("/2"));
        assertThat(Files.readSymbolicLink(app.resolve("current"))).endsWithRaw(Path.of("2"));
        assertThat(ends(2)).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"watching", "after ROLLBACK", "restored", "after ROLLED_BACK"})
    void badVersionIsRolledBackAllTheSame(String point) throws Exception {
        assertThat(deploy(2, "bad", point)).isEqualTo("at " + point);

        assertThat(deploy(2, "bad", "never")).startsWith("ended ROLLED_BACK");

        assertThat(serving()).hasSize(1).allMatch(release -> release.endsWith("/1"));
        assertThat(ends(2)).hasSize(1);
    }

    @Test
    void deployerThatWasOvertakenWhileItWasDeadChangesNothing() throws Exception {
        assertThat(deploy(2, "bad", "watching")).isEqualTo("at watching");
        assertThat(deploy(3, "v2", "never")).isEqualTo("ended SUCCEEDED v2");

        assertThat(deploy(2, "bad", "never")).startsWith("ended SUPERSEDED");

        assertThat(serving()).hasSize(1).allMatch(release -> release.endsWith("/3"));
    }

    /// @return the line at which it stopped; then it is killed
    private String deploy(long number, String version, String point) throws Exception {
        Process process =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-XX:TieredStopAtLevel=1",
                                "-XX:+UseSerialGC",
                                "-Xshare:auto",
                                "-cp",
                                System.getProperty("java.class.path"),
                                DeployOnce.class.getName(),
                                place.toString(),
                                Long.toString(number),
                                version,
                                point)
                        .redirectError(ProcessBuilder.Redirect.INHERIT)
                        .start();
        try (var lines = process.inputReader(StandardCharsets.UTF_8)) {
            var said = new StringBuilder();
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.startsWith("at ") || line.startsWith("ended ")) {
                    return line;
                }
                said.append(line).append('\n');
            }
            throw new AssertionError("It ended early:\n" + said);
        } finally {
            process.destroyForcibly().waitFor();
        }
    }

    /// The release folders of the processes that sleep for this deployment.
    private List<String> serving() throws Exception {
        // Its shell is there before it becomes the sleep.
        for (int i = 0; i < 100 && asleep().isEmpty(); i++) {
            Thread.sleep(50);
        }
        return asleep();
    }

    private List<String> asleep() throws IOException {
        try (Stream<Path> all = Files.list(Path.of("/proc"))) {
            return all.filter(process -> process.getFileName().toString().matches("[0-9]+"))
                    .filter(process -> read(process.resolve("cmdline")).startsWith("sleep"))
                    .flatMap(process -> Stream.of(read(process.resolve("environ")).split("\0")))
                    .filter(variable -> variable.startsWith("SLIPWAY_RELEASE=" + app + "/"))
                    .toList();
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file, StandardCharsets.ISO_8859_1);
        } catch (IOException ended) {
            return "";
        }
    }

    private List<String> ends(long number) throws IOException {
        return Files.readAllLines(place.resolve("records-" + number).resolve("phases")).stream()
                .filter(phase -> !phase.matches("ROLLOUT|HEALTH|ROLLBACK"))
                .toList();
    }
}
