package dev.slipway.coordinator;

import dev.slipway.coordinator.engine.Authority;
import dev.slipway.coordinator.engine.Engine;
import dev.slipway.coordinator.engine.Membership.Member;
import dev.slipway.coordinator.engine.Membership.Progress;
import dev.slipway.coordinator.engine.Membership.Self;
import dev.slipway.coordinator.journal.Journal;
import dev.slipway.coordinator.model.FarmView;
import dev.slipway.coordinator.settings.Address;

import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;

/// A coordinator that is alone: it leads from its start to its end.
final class LoneRole implements Role {
    private final Reign reign;
    private final Engine engine;
    private final String version;
    private volatile String address = "";

    /// @param onFailure called once when the engine fails
    LoneRole(Reign.Parts parts, Journal journal, String version, Consumer<Throwable> onFailure)
            throws InterruptedException {
        this.reign = Reign.begin(parts, journal, Authority.STANDALONE, onFailure);
        this.engine = reign.leader().engine();
        this.version = version;
    }

    @Override
    public void start(Address listening) {
        address = listening.toString();
    }

    @Override
    public Leader require() {
        return reign.leader();
    }

    @Override
    public Leader current() {
        return reign.leader();
    }

    @Override
    public <T> T read(Function<FarmView, T> reader) throws InterruptedException {
        return engine.read(view -> reader.apply(view.farm()));
    }

    @Override
    public void await(long position) {
        // Whatever anybody was told is applied here.
    }

    @Override
    public Standing standing() {
        return new Standing(true, "", engine.farmId(), engine.epoch(), engine.position());
    }

    @Override
    public List<Member> members() {
        long position = engine.position();
        return List.of(
                new Member(
                        new Self("coordinator", address, version),
                        new Progress(true, engine.epoch(), position, 0, 0, 0, 0)));
    }

    @Override
    public String unready() {
        return "";
    }

    @Override
    public void close() {
        reign.close();
    }
}
