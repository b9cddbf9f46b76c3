package dev.slipway.agent.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.dockerjava.api.model.AuthConfig;
import com.github.dockerjava.api.model.HostConfig;
import com.github.dockerjava.core.command.CreateContainerCmdImpl;

import dev.slipway.agent.settings.ContainerLimits;

import org.junit.jupiter.api.Test;

import java.util.List;

class ContainerOptionsTest {
    private static final ContainerLimits LIMITS =
            new ContainerLimits(2_000_000_000L, 1L << 30, 100);

    private final CreateContainerCmdImpl create =
            new CreateContainerCmdImpl(
                    _ -> {
                        throw new AssertionError("nothing is created here");
                    },
                    new AuthConfig(),
                    "image");

    private HostConfig apply(String text, ContainerLimits limits) {
        return ContainerOptions.parse(text).apply(create, limits);
    }

    @Test
    void healthCheckOfAServiceIsReadWithItsQuotes() {
        apply(
                "--health-cmd \"pg_isready -U 'a b'\" --health-interval 10s"
                        + " --health-timeout=1m30s --health-retries 5",
                ContainerLimits.NONE);

        var health = create.getHealthcheck();
        assertThat(health.getTest()).containsExactly("CMD-SHELL", "pg_isready -U 'a b'");
        assertThat(health.getInterval()).isEqualTo(10_000_000_000L);
        assertThat(health.getTimeout()).isEqualTo(90_000_000_000L);
        assertThat(health.getRetries()).isEqualTo(5);
    }

    @Test
    void shortFlagsAndFlagsWithEqualsSignsAreTheSame() {
        var options =
                ContainerOptions.parse(
                        "-e A=1 -eB=2 --env=C=3 -v /a:/b --volume /c -p 80 -p8080:81");

        assertThat(options.environment())
                .containsEntry("A", "1")
                .containsEntry("B", "2")
                .containsEntry("C", "3");
        assertThat(options.binds()).containsExactly("/a:/b", "/c");
        assertThat(options.ports()).containsExactly("80", "8080:81");
    }

    @Test
    void agentsLimitsHoldWhateverIsAskedFor() {
        HostConfig more = apply("--cpus 8 --memory 4g --memory-swap -1 --pids-limit -1", LIMITS);

        assertThat(more.getNanoCPUs()).isEqualTo(2_000_000_000L);
        assertThat(more.getMemory()).isEqualTo(1L << 30);
        assertThat(more.getMemorySwap()).isEqualTo(1L << 30);
        assertThat(more.getPidsLimit()).isEqualTo(100);

        HostConfig less = apply("--cpus 0.5 --memory 512m --pids-limit 10", LIMITS);

        assertThat(less.getNanoCPUs()).isEqualTo(500_000_000L);
        assertThat(less.getMemory()).isEqualTo(512L << 20);
        assertThat(less.getPidsLimit()).isEqualTo(10);
    }

    @Test
    void limitsHoldWithoutOptions() {
        HostConfig none = ContainerOptions.none().apply(create, LIMITS);

        assertThat(List.of(none.getNanoCPUs(), none.getMemory(), none.getPidsLimit()))
                .containsExactly(2_000_000_000L, 1L << 30, 100L);
    }

    @Test
    void whatIsNotUnderstoodIsRefusedByName() {
        assertThatThrownBy(() -> ContainerOptions.parse("--network host"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'--network' is not one that Slipway knows");
        assertThatThrownBy(() -> ContainerOptions.parse("--memory lots"))
                .hasMessageContaining("'--memory lots' cannot be read")
                .hasMessageContaining("512m");
        assertThatThrownBy(() -> ContainerOptions.parse("--cpus"))
                .hasMessageContaining("'--cpus' lacks its value");
    }
}
