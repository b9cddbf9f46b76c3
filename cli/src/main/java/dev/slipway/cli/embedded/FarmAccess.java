package dev.slipway.cli.embedded;

import dev.slipway.cli.client.Farm;
import dev.slipway.cli.client.FarmOption;
import dev.slipway.cli.client.FarmReads;
import dev.slipway.cli.client.GrpcFarm;
import dev.slipway.cli.client.ServerAddress;
import dev.slipway.cli.terminal.Ports;
import dev.slipway.cli.terminal.Terminal;

import java.io.IOException;
import java.util.List;
import java.util.Optional;

/// Finds the farm that a command means: the one named by `--server`, else the embedded one, which
/// may live in another process, in the background, or only on disk.
public final class FarmAccess {
    private final FarmOption option;
    private final StateFolder state;
    private final Terminal terminal;
    private final Ports ports;

    public FarmAccess(FarmOption option, StateFolder state, Terminal terminal, Ports ports) {
        this.option = option;
        this.state = state;
        this.terminal = terminal;
        this.ports = ports;
    }

    /// Whether the embedded farm is meant.
    public boolean isEmbedded() {
        return option.addresses(terminal).isEmpty();
    }

    /// A farm that lives; absent when the embedded one is meant and nobody serves it.
    public Optional<Farm> living() throws IOException {
        Optional<List<ServerAddress>> named = option.addresses(terminal);
        if (named.isPresent()) {
            return Optional.of(connect(named.get()));
        }
        return state.live().map(this::embedded);
    }

    /// A farm that lives; the embedded one is started in the background when nobody serves it.
    public Farm farm() throws IOException, InterruptedException {
        Optional<Farm> living = living();
        return living.isPresent()
                ? living.get()
                : embedded(new BackgroundFarm(state, ports).start());
    }

    /// Something to read runs from. What a killed process left unfinished is taken up by a farm in
    /// the background first; else the store is opened for reading only.
    public FarmReads reads() throws IOException, InterruptedException {
        Optional<Farm> living = living();
        if (living.isPresent()) {
            return living.get();
        }
        if (!state.hasData()) {
            return new NoFarm();
        }
        StoredReads stored = StoredReads.open(state, ports);
        try {
            if (!stored.hasUnfinishedRuns()) {
                return stored;
            }
        } catch (RuntimeException damaged) {
            stored.close();
            throw damaged;
        }
        stored.close();
        return farm();
    }

    /// The process that serves may end or be killed at any time: then another one is found or
    /// started, which goes on with what is left.
    private Farm embedded(ServerAddress address) {
        return new GrpcFarm(List.of(address), this::again, ports, terminal::message);
    }

    private List<ServerAddress> again() throws IOException, InterruptedException {
        Optional<ServerAddress> live = state.live();
        return List.of(live.isPresent() ? live.get() : new BackgroundFarm(state, ports).start());
    }

    private Farm connect(List<ServerAddress> addresses) {
        return new GrpcFarm(addresses, ports, terminal::message);
    }
}
