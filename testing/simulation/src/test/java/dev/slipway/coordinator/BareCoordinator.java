package dev.slipway.coordinator;

import dev.slipway.coordinator.ClusterAccess.Cluster;
import dev.slipway.coordinator.api.Leadership.Leader;
import dev.slipway.coordinator.api.Leadership.Standing;
import dev.slipway.coordinator.api.RunWatch;
import dev.slipway.coordinator.blobs.BlobStore;
import dev.slipway.coordinator.journal.DatabaseJournal;
import dev.slipway.coordinator.journal.Journal;
import dev.slipway.coordinator.logs.LogStore;
import dev.slipway.coordinator.model.FarmView;
import dev.slipway.coordinator.secrets.SecretBox;
import dev.slipway.coordinator.settings.Address;
import dev.slipway.coordinator.settings.CoordinatorSettings;
import dev.slipway.coordinator.storage.Database;
import dev.slipway.error.SlipwayException;

import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;

/// The product's coordinator without its edges (gRPC, HTTP, files): its real roles and reigns over
/// whatever ports it is given.
public final class BareCoordinator {
    private final Role role;

    private BareCoordinator(Role role) {
        this.role = role;
    }

    /// What a coordinator works with.
    ///
    /// @param onFailure called once when it cannot go on
    public record Parts(
            CoordinatorSettings settings,
            Coordinator.Ports ports,
            Database database,
            LogStore logs,
            BlobStore blobs,
            Consumer<Throwable> onFailure) {
        private Stores stores() {
            return new Stores(
                    new Stores.Parts(SecretBox.open(settings.keyFile()), database, logs, blobs),
                    ports.clock(),
                    settings.artifactDays());
        }
    }

    /// The way to the leader's data.
    @FunctionalInterface
    public interface Fetch {
        /// @return the journal's position of what was fetched
        long from(String leader, String memberId) throws InterruptedException;
    }

    /// One that is alone; it leads when this returns.
    ///
    /// @param journal wraps the real one
    public static BareCoordinator alone(Parts parts, Function<DatabaseJournal, Journal> journal)
            throws InterruptedException {
        Stores stores = parts.stores();
        return new BareCoordinator(
                new LoneRole(
                        new Reign.Parts(parts.settings, parts.ports, stores, new RunWatch()),
                        journal.apply(new DatabaseJournal(stores.database, stores.runs)),
                        "simulated",
                        parts.onFailure));
    }

    /// A member of a cluster. It follows when this returns, and stands for election once it is
    /// {@link #start}ed.
    public static BareCoordinator member(Parts parts, Cluster cluster, Fetch fetch) {
        var watch = new RunWatch();
        return new BareCoordinator(
                new ClusterRole(
                        new Reign.Parts(parts.settings, parts.ports, parts.stores(), watch),
                        watch,
                        cluster,
                        fetch::from,
                        "simulated",
                        parts.onFailure));
    }

    /// @param address where the others find it
    public void start(Address address) throws InterruptedException {
        role.start(address);
    }

    /// What it serves with, while it leads.
    public Optional<Leader> leader() {
        try {
            return Optional.of(role.require());
        } catch (SlipwayException follows) {
            return Optional.empty();
        }
    }

    public Standing standing() {
        return role.standing();
    }

    /// See {@link dev.slipway.coordinator.api.Leadership#read}.
    public <T> T read(Function<FarmView, T> reader) throws InterruptedException {
        return role.read(reader);
    }

    /// Ends in order.
    public void close() {
        role.close();
    }
}
