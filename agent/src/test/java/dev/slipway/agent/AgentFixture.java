package dev.slipway.agent;

import dev.slipway.agent.settings.AgentSettings;
import dev.slipway.agent.settings.ContainerLimits;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Starts real agents against a {@link FakeFarm}.
public final class AgentFixture {
    private AgentFixture() {}

    public static Agent start(FakeFarm farm, Path work) throws IOException {
        return start(farm, work, Map.of());
    }

    public static Agent start(FakeFarm farm, Path work, Map<String, String> more)
            throws IOException {
        return start(farm, work, more, Duration.ofSeconds(30));
    }

    public static Agent start(
            FakeFarm farm, Path work, Map<String, String> more, Duration drainTimeout)
            throws IOException {
        var environment = new HashMap<>(System.getenv());
        environment.putAll(more);
        return start(farm, work, drainTimeout, environment, ContainerLimits.NONE);
    }

    /// An agent whose containers may use so many bytes of memory.
    public static Agent startLimited(FakeFarm farm, Path work, long memory) throws IOException {
        return start(
                farm,
                work,
                Duration.ofSeconds(30),
                System.getenv(),
                new ContainerLimits(0, memory, 0));
    }

    private static Agent start(
            FakeFarm farm,
            Path work,
            Duration drainTimeout,
            Map<String, String> environment,
            ContainerLimits limits)
            throws IOException {
        return Agent.start(
                new AgentSettings(
                        List.of("localhost:1"),
                        "one",
                        List.of("ubuntu-latest"),
                        2,
                        work,
                        AgentSettings.DEFAULT_DISK_BUDGET,
                        0,
                        drainTimeout,
                        environment,
                        limits),
                farm,
                "test");
    }
}
