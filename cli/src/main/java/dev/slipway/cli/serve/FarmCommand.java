package dev.slipway.cli.serve;

import dev.slipway.cli.client.ServerAddress;
import dev.slipway.cli.embedded.LocalFarm;
import dev.slipway.cli.embedded.StateFolder;
import dev.slipway.cli.terminal.CliCommand;
import dev.slipway.cli.terminal.Ports;
import dev.slipway.cli.terminal.Terminal;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

/// `slipway farm`: the embedded farm in a process of its own, until nothing runs any more. People
/// do not type it; `run --detach` and commands that find unfinished runs start it.
@Command(footer = {"  slipway farm --idle 60"})
public final class FarmCommand extends CliCommand {
    private static final int KILLED = 137;
    private static final Duration LOCK_PATIENCE = Duration.ofSeconds(60);
    private static final Duration LOCK_PAUSE = Duration.ofMillis(20);
    private static final Duration LOOK = Duration.ofSeconds(1);

    @Option(
            names = "--listen",
            paramLabel = "HOST:PORT",
            description = "Where to listen (default: a free port on loopback).")
    private @Nullable String listen;

    @Option(
            names = "--idle",
            paramLabel = "SECONDS",
            defaultValue = "15",
            description = "End after so long without a run (default: 15).")
    private int idle;

    public FarmCommand(Terminal terminal) {
        super(terminal);
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        StateFolder state = StateFolder.of(terminal);
        try (Ports ports = Ports.system()) {
            Optional<StateFolder.Lock> lock = lock(state, ports);
            if (lock.isEmpty()) {
                terminal.message("Another process serves " + state.path() + ".");
                return 0;
            }
            Optional<ServerAddress> address =
                    Optional.ofNullable(listen)
                            .map(text -> ServerAddress.parseAll(text).getFirst());
            Thread serving = Thread.currentThread();
            try (LocalFarm local = LocalFarm.start(state, lock.get(), address, ports);
                    var _ =
                            new StopRequests(
                                    serving::interrupt, () -> Runtime.getRuntime().halt(KILLED))) {
                serve(local, ports);
            } catch (InterruptedException stopped) {
                terminal.message("Stopped; running steps go on and are found again.");
            }
            return 0;
        }
    }

    /// Waits for a process that is ending, not for one that serves, unless it is to be relieved.
    private Optional<StateFolder.Lock> lock(StateFolder state, Ports ports)
            throws IOException, InterruptedException {
        Duration end = ports.clock().uptime().plus(LOCK_PATIENCE);
        Optional<StateFolder.Lock> lock = state.tryLock();
        while (lock.isEmpty()
                && (listen != null || state.announced().isEmpty())
                && ports.clock().uptime().compareTo(end) < 0) {
            ports.timers().pause(LOCK_PAUSE);
            lock = state.tryLock();
        }
        return lock;
    }

    private void serve(LocalFarm farm, Ports ports) throws InterruptedException {
        Duration busyAt = ports.clock().uptime();
        while (ports.clock().uptime().minus(busyAt).toSeconds() < idle) {
            ports.timers().pause(LOOK);
            if (!farm.idle()) {
                busyAt = ports.clock().uptime();
            }
        }
    }
}
