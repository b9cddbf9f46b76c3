package dev.slipway.agent.deployment.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.github.dockerjava.api.command.BuildImageResultCallback;

import dev.slipway.agent.deployment.Release;
import dev.slipway.agent.deployment.RolloutException;
import dev.slipway.agent.deployment.SupersededException;
import dev.slipway.agent.docker.DockerEngine;
import dev.slipway.time.SystemThreads;
import dev.slipway.time.SystemTimers;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/// Containers replaced by name on a real engine, with an image that is one static program.
@Timeout(120)
class DockerTargetIT {
    private static final SystemTimers TIMERS = new SystemTimers("docker-timers");
    private static final String IMAGE = "slipway-test/deploy-sleep:1";
    private static final Release ONE = new Release(1, "one");
    private static final Release TWO = new Release(2, "two");
    private static final Release THREE = new Release(3, "three");

    private final String name = "slipway-it-" + ProcessHandle.current().pid();
    private DockerEngine engine;

    @BeforeEach
    void connect(@TempDir Path folder) throws Exception {
        var found = DockerEngine.find(System.getenv(), TIMERS, new SystemThreads());
        assumeTrue(
                found.isPresent(),
                "No Docker engine answers: the docker target is not tested. Start one, or set"
                        + " DOCKER_HOST.");
        engine = found.get();
        Path busybox = Path.of("/bin/busybox");
        assumeTrue(
                Files.exists(busybox),
                "No /bin/busybox to make an image from: apt-get install busybox-static.");
        Files.copy(busybox, folder.resolve("busybox"));
        Files.writeString(
                folder.resolve("Dockerfile"),
                "FROM scratch\nCOPY busybox /busybox\nENTRYPOINT [\"/busybox\"]\n");
        engine.client()
                .buildImageCmd(folder.toFile())
                .withTags(Set.of(IMAGE))
                .exec(new BuildImageResultCallback())
                .awaitImageId();
    }

    @AfterEach
    void removeContainers() throws Exception {
        if (engine != null) {
            var versions = new Versions(engine, settings("environment 'test'", "sleep", "1000"));
            for (var one : versions.all()) {
                versions.remove(one);
            }
            engine.close();
        }
    }

    private DockerSettings settings(String owner, String... command) {
        return new DockerSettings(
                name,
                IMAGE,
                List.of(command),
                List.of(Map.entry("COLOUR", "green")),
                List.of(),
                List.of(),
                "",
                "unless-stopped",
                Duration.ZERO,
                owner);
    }

    private DockerTarget target() {
        return new DockerTarget(engine, settings("environment 'test'", "sleep", "1000"));
    }

    private void deploy(Release release) throws Exception {
        target().claim(release);
        target().rollOut(release);
        assertThat(target().problem(release)).isEmpty();
        target().settle(release);
    }

    /// The names that run.
    private Set<String> running() throws Exception {
        return new Versions(engine, settings("", ""))
                .all().stream()
                        .filter(Versions.Found::running)
                        .map(one -> one.name() + "=" + one.release().version())
                        .collect(Collectors.toSet());
    }

    @Test
    void newVersionTakesTheNameAndTheOldOneGoesOnlyWhenItIsSettled() throws Exception {
        deploy(ONE);
        assertThat(running()).containsExactly(name + "=one");

        target().claim(TWO);
        assertThat(running()).as("a claim changes nothing").containsExactly(name + "=one");
        target().rollOut(TWO);

        assertThat(running()).containsExactly(name + "=two");
        assertThat(target().read().good()).contains(ONE);
        target().settle(TWO);
        assertThat(target().read().good()).contains(TWO);
        assertThat(new Versions(engine, settings("", "")).all()).hasSize(1);
    }

    @Test
    void everyStepMayBeRepeated() throws Exception {
        deploy(ONE);
        for (int i = 0; i < 2; i++) {
            target().claim(TWO);
        }
        for (int i = 0; i < 2; i++) {
            target().rollOut(TWO);
        }
        for (int i = 0; i < 2; i++) {
            target().restore(TWO, ONE);
            assertThat(running()).containsExactly(name + "=one");
        }
        assertThat(target().runs(ONE)).isTrue();
        assertThat(target().runs(TWO)).isFalse();
        deploy(THREE);
        assertThat(running()).containsExactly(name + "=three");
    }

    @Test
    void lowerNumberIsRefusedAlsoAfterARollback() throws Exception {
        deploy(ONE);
        target().claim(THREE);
        target().rollOut(THREE);
        target().restore(THREE, ONE);

        assertThatThrownBy(() -> target().claim(TWO)).isInstanceOf(SupersededException.class);
        assertThatThrownBy(() -> target().rollOut(TWO)).isInstanceOf(SupersededException.class);
        assertThat(running()).containsExactly(name + "=one");
    }

    @Test
    void containerThatEndsIsAProblemWithWhatItPrinted() throws Exception {
        var broken =
                new DockerTarget(
                        engine,
                        settings("environment 'test'", "sh", "-c", "echo no config; exit 3"));
        broken.claim(ONE);
        broken.rollOut(ONE);

        engine.patient()
                .waitContainerCmd(name)
                .exec(new com.github.dockerjava.api.command.WaitContainerResultCallback())
                .awaitStatusCode();

        assertThat(broken.problem(ONE).orElseThrow()).contains("exit code 3", "no config");
    }

    @Test
    void nameOfAnotherEnvironmentIsRefused() throws Exception {
        deploy(ONE);
        var other = new DockerTarget(engine, settings("environment 'other'", "sleep", "1000"));

        assertThatThrownBy(() -> other.claim(TWO))
                .isInstanceOf(RolloutException.class)
                .hasMessageContaining("belongs to environment 'test'");
    }
}
