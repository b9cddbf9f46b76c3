package dev.slipway.simulation;

import dev.slipway.coordinator.BareCoordinator;
import dev.slipway.coordinator.ClusterAccess;
import dev.slipway.coordinator.Coordinator;
import dev.slipway.coordinator.NewDataException;
import dev.slipway.coordinator.api.Leadership.Leader;
import dev.slipway.coordinator.engine.Authority;
import dev.slipway.coordinator.engine.Engine;
import dev.slipway.coordinator.journal.DatabaseJournal;
import dev.slipway.coordinator.journal.Entry;
import dev.slipway.coordinator.journal.Journal;
import dev.slipway.coordinator.logs.LogIndex;
import dev.slipway.coordinator.logs.LogStore;
import dev.slipway.coordinator.model.Changes;
import dev.slipway.coordinator.model.FarmState;
import dev.slipway.coordinator.settings.Address;
import dev.slipway.coordinator.settings.CoordinatorSettings;
import dev.slipway.error.ErrorCode;
import dev.slipway.error.SlipwayException;
import dev.slipway.testkit.SimulatedWorld;
import dev.slipway.testkit.SimulatedWorld.Node;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/// One coordinator process: the real one without its edges ({@link BareCoordinator}), on a disk of
/// its own. Alone it leads at once; a member of a cluster follows, leads and follows again. It ends
/// when it fails, and it can be killed at any moment.
final class SimulatedCoordinator {
    private static final Duration AUDIT = Duration.ofSeconds(10);
    private static final int PORT = 7433;

    /// Logs are trimmed often, so that whoever was away for a while needs a checkpoint.
    private static final ClusterAccess.Pace PACE =
            new ClusterAccess.Pace(Duration.ofSeconds(1), Duration.ofSeconds(4), 30, 10);

    private final Parts parts;
    private final Node node;
    private final SimulatedDisk disk;
    private final Runnable onExit;
    private Authority authority = Authority.STANDALONE;
    private @Nullable SimulatedMembership membership;
    private boolean exited;
    private SimulatedDisk.@Nullable Mount data;
    private @Nullable LogStore logs;
    private @Nullable BareCoordinator real;

    /// What coordinators of one farm have in common.
    ///
    /// @param cluster empty for a coordinator that is alone
    /// @param keyFile of the secrets
    record Parts(
            SimulatedWorld world,
            SimulatedNetwork network,
            Optional<Cluster> cluster,
            Pace pace,
            Path keyFile) {}

    record Cluster(SimulatedElection election, SimulatedLogs logs) {}

    /// @param lease how long a coordinator lets a job go on without word
    record Pace(Duration heartbeat, Duration lease, Duration grace) {}

    /// @param onExit called once when it ends by itself
    SimulatedCoordinator(Parts parts, Node node, SimulatedDisk disk, Runnable onExit) {
        this.parts = parts;
        this.node = node;
        this.disk = disk;
        this.onExit = onExit;
        node.threads().start("main", this::live);
    }

    Node node() {
        return node;
    }

    /// Whether it leads and has recovered.
    boolean serves() {
        return leader().isPresent();
    }

    Optional<Leader> leader() {
        BareCoordinator opened = real;
        return opened == null || exited ? Optional.empty() : opened.leader();
    }

    /// The engine, for a call.
    ///
    /// @throws SlipwayException NOT_LEADER when it does not lead
    Engine engine() {
        return requireLeader().engine();
    }

    Leader requireLeader() {
        return leader().orElseThrow(
                        () ->
                                new SlipwayException(
                                        ErrorCode.NOT_LEADER, node.name() + " is a standby"));
    }

    LogStore logs() {
        return Objects.requireNonNull(logs);
    }

    /// Whether it has everything up to here, in journal and logs.
    boolean isAt(long position, long output) {
        BareCoordinator opened = real;
        return opened != null
                && !exited
                && opened.standing().position() == position
                && logs().position() == output;
    }

    // -- Its life

    private void live() {
        try {
            open();
            auditAgain();
        } catch (SlipwayException | IOException problem) {
            failed(problem);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    private void open() throws IOException, InterruptedException {
        SimulatedDisk.Mount mount = disk.mount(node);
        data = mount;
        LogStore store =
                LogStore.open(
                        mount.logs(),
                        new LogIndex(mount),
                        new LogStore.Limits(64 << 10, 1 << 20),
                        node.clock(),
                        node.threads());
        logs = store;
        var own =
                new BareCoordinator.Parts(
                        settings(),
                        new Coordinator.Ports(
                                node.clock(), node.timers(), node.threads(), parts.world().ids()),
                        mount,
                        store,
                        new NoBlobs(),
                        this::failed);
        if (parts.cluster().isPresent()) {
            join(own, parts.cluster().get(), store);
        } else {
            audit().recovered(store);
            real = BareCoordinator.alone(own, Watched::new);
        }
    }

    private void join(BareCoordinator.Parts own, Cluster cluster, LogStore store)
            throws InterruptedException {
        var elections = new SimulatedMembership(parts.network(), cluster.election(), node);
        membership = elections;
        authority = elections.authority();
        var access =
                new ClusterAccess.Cluster(
                        () -> {},
                        cluster.logs().member(node, () -> audit().recovered(store)),
                        elections,
                        PACE);
        BareCoordinator member = BareCoordinator.member(own, access, this::fetch);
        real = member;
        member.start(new Address(node.name(), PORT));
    }

    private CoordinatorSettings settings() {
        Pace pace = parts.pace();
        return CoordinatorSettings.read(
                Map.of(
                        "data",
                        disk.folder().toString(),
                        "key-file",
                        parts.keyFile().toString(),
                        "lease-ttl",
                        pace.lease().toSeconds() + "s",
                        "heartbeat-interval",
                        pace.heartbeat().toSeconds() + "s",
                        "kill-grace",
                        pace.grace().toSeconds() + "s",
                        "reconnect-window",
                        "1s"),
                Map.of(),
                Map.of());
    }

    private void failed(Throwable problem) {
        boolean expected =
                problem instanceof NewDataException
                        || problem instanceof IOException
                        || problem instanceof SlipwayException known
                                && known.code() != ErrorCode.INTERNAL;
        if (!expected) {
            audit().bug(problem);
        }
        exit(String.valueOf(problem.getMessage()));
    }

    private void exit(String why) {
        if (!exited) {
            exited = true;
            parts.world().note("%s ends: %s".formatted(node.name(), why));
            node.kill();
            onExit.run();
        }
    }

    /// Gives the lead away, if it has it and is not stopped.
    void resign() {
        SimulatedMembership elections = membership;
        if (elections != null && !node.stopped()) {
            elections.resign();
        }
    }

    /// Ends it as SIGTERM does: in order.
    void end() {
        BareCoordinator opened = real;
        SimulatedMembership elections = membership;
        if (opened == null || elections == null) {
            return;
        }
        node.threads()
                .start(
                        "closing",
                        () -> {
                            opened.close();
                            elections.close();
                            exit("it was asked to");
                        });
    }

    // -- Checkpoints

    private long fetch(String leader, String memberId) throws InterruptedException {
        String host = Address.parse(leader).host();
        SimulatedDisk.Copy copy =
                parts.network()
                        .call(
                                node,
                                new SimulatedNetwork.Route(node.name(), host),
                                Duration.ofSeconds(30),
                                new CompletableFuture<>(),
                                SimulatedCoordinator::checkpoint);
        parts.world().note("%s has data of %s to %d".formatted(node.name(), host, copy.position()));
        disk.receive(copy);
        return copy.position();
    }

    /// Tables and segments as of one moment, as the product takes them.
    private SimulatedDisk.Copy checkpoint() {
        return Objects.requireNonNull(data).checkpoint(logs());
    }

    // -- Audit

    private void auditAgain() {
        node.timers()
                .after(
                        AUDIT,
                        () -> {
                            node.threads().start("audit", this::auditNow);
                            auditAgain();
                        });
    }

    private void auditNow() {
        try {
            Optional<Leader> leading = leader();
            if (leading.isPresent()) {
                leading.get()
                        .engine()
                        .read(
                                view -> {
                                    audit().live(view, authority.valid());
                                    return true;
                                });
            } else {
                Objects.requireNonNull(real)
                        .read(
                                farm -> {
                                    audit().sameState((FarmState) farm);
                                    return true;
                                });
            }
        } catch (SlipwayException changing) {
            parts.world().note(node.name() + " cannot be audited now");
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    private Audit audit() {
        return parts.network().audit();
    }

    /// A journal whose acknowledged entries are written down where no failure reaches.
    private final class Watched implements Journal {
        private final DatabaseJournal real;

        Watched(DatabaseJournal real) {
            this.real = real;
            var found = new ArrayList<Entry>();
            real.replay(0, found::add);
            audit().recovered(found, disk::appended);
        }

        @Override
        public FarmState recover() {
            return real.recover();
        }

        @Override
        public long epoch() {
            return real.epoch();
        }

        @Override
        public void append(Entry entry, Changes changes) {
            real.append(entry, changes);
            disk.appended(entry);
        }

        @Override
        public void close() {
            real.close();
        }
    }
}
