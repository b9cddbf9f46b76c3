package dev.slipway.agent.docker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.agent.TestEngine;
import dev.slipway.agent.workspace.Idle;
import dev.slipway.testkit.ManualTime;
import dev.slipway.time.SystemThreads;
import dev.slipway.time.SystemTimers;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/// Images that come and go on a real engine.
@Timeout(60)
class PulledImagesIT {
    private static final SystemTimers TIMERS = new SystemTimers("docker-timers");
    private static final String IMAGE = "slipway-test/pulled:1";
    private static final String CONTAINER = "slipway-test-pulled";

    @TempDir private Path folder;
    private final ManualTime time = new ManualTime();
    private DockerEngine engine;
    private PulledImages images;

    @BeforeEach
    void provide() throws Exception {
        TestEngine.require();
        TestEngine.run("docker", "create", "--name", CONTAINER, TestEngine.IMAGE, "true");
        TestEngine.run("docker", "commit", CONTAINER, IMAGE);
        TestEngine.run("docker", "rm", CONTAINER);
        engine = DockerEngine.find(System.getenv(), TIMERS, new SystemThreads()).orElseThrow();
        images = restarted();
        images.pulled(IMAGE);
    }

    private PulledImages restarted() {
        return new PulledImages(
                engine, new Images(engine, System.getenv()), folder.resolve("images"), time);
    }

    @AfterEach
    void remove() throws Exception {
        if (engine == null) {
            return; // Skipped: there is none.
        }
        engine.close();
        TestEngine.run("docker", "rm", "-f", CONTAINER);
        if (onEngine()) {
            TestEngine.run("docker", "rmi", IMAGE);
        }
    }

    private static boolean onEngine() throws Exception {
        return !TestEngine.run("docker", "images", "-q", IMAGE).isEmpty();
    }

    private Idle only() throws Exception {
        List<Idle> idle = restarted().idle();
        assertThat(idle).hasSize(1);
        return idle.getFirst();
    }

    @Test
    void imageThatNoJobWantsAnyMoreIsRemoved() throws Exception {
        time.advance(Duration.ofHours(2));

        Idle image = only();
        assertThat(image.bytes()).isGreaterThan(100_000);
        assertThat(image.evict()).isTrue();

        assertThat(onEngine()).isFalse();
        assertThat(images.idle()).isEmpty();
    }

    @Test
    void imageOfAContainerStays() throws Exception {
        time.advance(Duration.ofHours(2));
        TestEngine.run("docker", "create", "--name", CONTAINER, IMAGE, "true");

        assertThat(only().evict()).isFalse();

        assertThat(onEngine()).isTrue();
    }

    @Test
    void imageThatAJobHasJustAskedForStays() throws Exception {
        time.advance(Duration.ofHours(2));
        Idle image = only();
        images.wanted(IMAGE);

        assertThat(image.evict()).isFalse();

        assertThat(onEngine()).isTrue();
        assertThat(only().lastUse()).isEqualTo(time.now());
    }

    @Test
    void imageThatSomebodyElseRemovedIsForgotten() throws Exception {
        TestEngine.run("docker", "rmi", IMAGE);

        assertThat(images.idle()).isEmpty();
        assertThat(folder.resolve("images")).isEmptyDirectory();
    }

    @Test
    void imageThatTheAgentDidNotPullIsNotItsToRemove() throws Exception {
        images.wanted(TestEngine.IMAGE);

        assertThat(only().name()).isEqualTo("image " + IMAGE);
    }
}
