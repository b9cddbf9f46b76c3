package dev.slipway.cli.embedded;

import dev.slipway.agent.Agent;
import dev.slipway.agent.settings.AgentSettings;
import dev.slipway.agent.settings.ContainerLimits;
import dev.slipway.cli.client.ServerAddress;
import dev.slipway.cli.terminal.LogSetup;
import dev.slipway.cli.terminal.Ports;
import dev.slipway.cli.terminal.Version;
import dev.slipway.coordinator.Coordinator;
import dev.slipway.coordinator.settings.CoordinatorSettings;
import dev.slipway.error.ErrorCode;
import dev.slipway.error.SlipwayException;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A coordinator and an agent in this process, on the state folder whose lock was taken. Other
/// commands find it by the folder.
public final class LocalFarm implements AutoCloseable {
    /// What GitHub's own Linux machines answer to; self-hosted, linux and x64 every agent has.
    private static final List<String> LABELS =
            List.of("ubuntu-latest", "ubuntu-24.04", "ubuntu-22.04");

    private static final long LARGEST_LOG = 8 << 20;

    private final StateFolder state;
    private final StateFolder.Lock lock;
    private final Ports ports;
    private final Coordinator coordinator;
    private final Agent agent;
    private final ServerAddress address;

    private LocalFarm(
            StateFolder state,
            StateFolder.Lock lock,
            Ports ports,
            Coordinator coordinator,
            Agent agent,
            ServerAddress address) {
        this.state = state;
        this.lock = lock;
        this.ports = ports;
        this.coordinator = coordinator;
        this.agent = agent;
        this.address = address;
    }

    /// Starts both and says where.
    ///
    /// @param lock of the state folder; closed with the farm, or when it cannot be started
    /// @param listen where to serve; absent: a free port on loopback
    public static LocalFarm start(
            StateFolder state, StateFolder.Lock lock, Optional<ServerAddress> listen, Ports ports)
            throws IOException, InterruptedException {
        boolean started = false;
        try {
            state.withdraw(); // what a killed process announced
            keepLogSmall(state.log());
            LogSetup.toFile(state.log());
            var settings =
                    CoordinatorSettings.read(
                            Map.of(
                                    "data",
                                    state.data().toString(),
                                    "listen",
                                    listen.map(ServerAddress::toString).orElse("127.0.0.1:0")),
                            Map.of(),
                            Map.of());
            Coordinator coordinator = openCoordinator(settings, ports);
            try {
                String bound = coordinator.start().grpc().toString();
                ServerAddress address = ServerAddress.parseAll(bound).getFirst();
                Agent agent = startAgent(state, address);
                state.announce(address);
                started = true;
                return new LocalFarm(state, lock, ports, coordinator, agent, address);
            } finally {
                if (!started) {
                    coordinator.close();
                }
            }
        } finally {
            if (!started) {
                lock.close();
            }
        }
    }

    private static void keepLogSmall(Path log) throws IOException {
        if (Files.exists(log) && Files.size(log) > LARGEST_LOG) {
            Files.move(
                    log, log.resolveSibling("farm.log.old"), StandardCopyOption.REPLACE_EXISTING);
        }
    }

    private static Coordinator openCoordinator(CoordinatorSettings settings, Ports ports)
            throws InterruptedException {
        var world =
                new Coordinator.Ports(ports.clock(), ports.timers(), ports.threads(), ports.ids());
        return Coordinator.open(settings, world, Version.current());
    }

    private static Agent startAgent(StateFolder state, ServerAddress address) {
        var settings =
                new AgentSettings(
                        List.of(address.toString()),
                        "local",
                        LABELS,
                        Runtime.getRuntime().availableProcessors(),
                        state.work(),
                        AgentSettings.DEFAULT_DISK_BUDGET,
                        AgentSettings.DEFAULT_DISK_RESERVE,
                        Duration.ofMinutes(10),
                        System.getenv(),
                        ContainerLimits.NONE);
        try {
            return Agent.start(settings, Version.current());
        } catch (IOException unusable) {
            throw new SlipwayException(
                    ErrorCode.STORAGE_FAILED,
                    "the embedded agent cannot start: " + unusable.getMessage(),
                    unusable);
        }
    }

    /// Where it serves.
    public ServerAddress address() {
        return address;
    }

    /// Whether nothing runs or waits.
    public boolean idle() throws InterruptedException {
        return coordinator.idle();
    }

    /// Waits until the coordinator fails, which it never should; interrupt the thread to end it.
    ///
    /// @return why
    public Throwable awaitFailure() throws InterruptedException {
        return coordinator.awaitFailure();
    }

    /// Lets a process in the background go on at the same address once this farm is closed.
    public void handOver() throws IOException {
        new BackgroundFarm(state, ports).takeOver(address);
    }

    /// Ends the farm, not what runs: the next one on this folder goes on with it.
    @Override
    public void close() {
        try {
            state.withdraw();
            agent.close();
            coordinator.close();
            lock.close();
        } catch (IOException problem) {
            throw new UncheckedIOException(problem);
        }
    }
}
