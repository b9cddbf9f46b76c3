package dev.slipway.agent.docker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.time.SystemThreads;
import dev.slipway.time.Timers;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

class SilentEngineIT {
    private final List<Duration> limits = new ArrayList<>();

    /// Time is up as soon as a limit is set.
    private final Timers impatient =
            (delay, action) -> {
                limits.add(delay);
                action.run();
                return () -> {};
            };

    @Test
    @Timeout(60)
    void engineThatTakesTheCallAndSaysNothingIsNoEngine(@TempDir Path folder) throws Exception {
        Path socket = folder.resolve("docker.sock");
        try (var engine = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            engine.bind(UnixDomainSocketAddress.of(socket));

            assertThat(
                            DockerEngine.find(
                                    Map.of("DOCKER_HOST", "unix://" + socket),
                                    impatient,
                                    new SystemThreads()))
                    .isEmpty();
        }
        assertThat(limits).containsExactly(Duration.ofSeconds(5));
    }
}
