package dev.slipway.agent;

import dev.slipway.agent.settings.AgentSettings;

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
                        environment),
                farm,
                "test");
    }
}
