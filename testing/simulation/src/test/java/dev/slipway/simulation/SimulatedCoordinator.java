package dev.slipway.simulation;

import dev.slipway.coordinator.engine.Authority;
import dev.slipway.coordinator.engine.Engine;
import dev.slipway.coordinator.engine.EnginePorts;
import dev.slipway.coordinator.engine.EngineSettings;
import dev.slipway.coordinator.engine.PlannedJobs;
import dev.slipway.coordinator.engine.RunPlans;
import dev.slipway.coordinator.engine.SingleWriter;
import dev.slipway.coordinator.journal.DatabaseJournal;
import dev.slipway.coordinator.journal.Entry;
import dev.slipway.coordinator.journal.Journal;
import dev.slipway.coordinator.logs.LogIndex;
import dev.slipway.coordinator.logs.LogStore;
import dev.slipway.coordinator.model.Changes;
import dev.slipway.coordinator.model.FarmState;
import dev.slipway.coordinator.secrets.SecretBox;
import dev.slipway.coordinator.sessions.JobSpecs;
import dev.slipway.coordinator.sessions.Sessions;
import dev.slipway.coordinator.storage.TableRunStore;
import dev.slipway.error.SlipwayException;
import dev.slipway.testkit.SimulatedWorld;
import dev.slipway.testkit.SimulatedWorld.Node;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;

/// One coordinator process: the real one without its edges (gRPC, HTTP, blobs). Alone it serves at
/// once; among several it waits until it is elected. It ends when its engine fails or its session
/// does, and it can be killed at any moment.
final class SimulatedCoordinator {
    private static final Duration UNREACHABLE = Duration.ofSeconds(15);
    private static final Duration AUDIT = Duration.ofSeconds(10);

    private final Parts parts;
    private final Node node;
    private final Runnable onExit;
    private Duration confirmed = Duration.ZERO;
    private long session;
    private boolean elected;
    private boolean exited;
    private @Nullable SingleWriter engine;
    private @Nullable LogStore logs;
    private @Nullable Sessions sessions;
    private @Nullable JobSpecs specs;

    /// What coordinators of one farm have in common.
    ///
    /// @param election null for a coordinator that is alone
    /// @param keyFile of the secrets
    record Parts(
            SimulatedWorld world,
            SimulatedNetwork network,
            SimulatedDisk disk,
            @Nullable SimulatedElection election,
            Pace pace,
            Path keyFile) {}

    /// @param lease how long agents are told that it lasts
    record Pace(Duration heartbeat, Duration lease, Duration grace) {}

    /// @param onExit called once when it ends by itself
    SimulatedCoordinator(Parts parts, Node node, Runnable onExit) {
        this.parts = parts;
        this.node = node;
        this.onExit = onExit;
        if (parts.election() == null) {
            node.threads().start("main", () -> lead(Authority.STANDALONE));
        } else {
            session = parts.election().newSession();
            ping();
        }
    }

    Node node() {
        return node;
    }

    /// Whether it leads and has recovered.
    boolean serves() {
        return specs != null && !exited;
    }

    Engine engine() {
        return Objects.requireNonNull(engine);
    }

    LogStore logs() {
        return Objects.requireNonNull(logs);
    }

    Sessions sessions() {
        return Objects.requireNonNull(sessions);
    }

    JobSpecs specs() {
        return Objects.requireNonNull(specs);
    }

    // -- Election

    private void ping() {
        SimulatedElection election = Objects.requireNonNull(parts.election());
        Duration sent = node.clock().uptime();
        var back = parts.network().lane(SimulatedElection.HOST, node.name());
        parts.network()
                .lane(node.name(), SimulatedElection.HOST)
                .deliver(
                        () -> {
                            var word = election.ping(session);
                            back.deliver(() -> node.after(Duration.ZERO, () -> heard(word, sent)));
                        });
        node.timers().after(SimulatedElection.SESSION.dividedBy(4), this::ping);
    }

    private void heard(SimulatedElection.Word word, Duration sent) {
        switch (word) {
            case FOLLOW -> {}
            case LEAD -> {
                confirmed = sent.compareTo(confirmed) > 0 ? sent : confirmed;
                if (!elected) {
                    elected = true;
                    node.threads().start("main", () -> lead(this::isConfirmed));
                }
            }
            case EXPIRED -> {
                if (parts.network().variant().stepsDown()) {
                    exit("its session has expired");
                }
            }
        }
    }

    /// Blueprint §4: the send time of the last ping that was answered, plus two thirds of the
    /// session.
    private boolean isConfirmed() {
        Duration end = confirmed.plus(SimulatedElection.SESSION.multipliedBy(2).dividedBy(3));
        return end.compareTo(node.clock().uptime()) > 0;
    }

    // -- Serving

    private void lead(Authority real) {
        Authority authority = parts.network().variant().authority(real);
        try {
            open(authority);
        } catch (SlipwayException | IOException problem) {
            exit("it cannot serve: " + problem.getMessage());
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    private void open(Authority authority) throws IOException, InterruptedException {
        SimulatedDisk.Mount disk = parts.disk().mount(node);
        var runs = new TableRunStore(disk);
        var journal = new Watched(new DatabaseJournal(disk, runs), disk);
        journal.check();
        var pace = parts.pace();
        var writer =
                SingleWriter.start(
                        engineSettings(pace),
                        journal,
                        new EnginePorts(
                                node.clock(),
                                node.timers(),
                                node.threads(),
                                parts.world().ids(),
                                authority),
                        problem -> exit("its engine failed: " + problem.getMessage()));
        engine = writer;
        LogStore store =
                LogStore.open(
                        disk.logs(),
                        new LogIndex(disk),
                        new LogStore.Limits(64 << 10, 1 << 20),
                        node.clock(),
                        node.threads());
        logs = store;
        audit().recovered(store);
        sessions = new Sessions(sessionParts(writer, store, authority));
        sessions.start();
        specs =
                new JobSpecs(
                        new JobSpecs.Parts(
                                runs,
                                sessions.grants(),
                                SecretBox.open(parts.keyFile()),
                                runs.deployments(),
                                new PlannedJobs(new RunPlans()),
                                writer.farmId(),
                                64 << 20,
                                7));
        parts.world().note("%s serves in epoch %d".formatted(node.name(), writer.epoch()));
        auditAgain(authority);
    }

    private EngineSettings engineSettings(Pace pace) {
        var standard = EngineSettings.STANDALONE;
        return new EngineSettings(
                standard.queueCapacity(),
                standard.batch(),
                parts.network().variant().leaseOfEngine(pace.lease()),
                pace.grace(),
                standard.retries(),
                standard.agingStep());
    }

    private Sessions.Parts sessionParts(SingleWriter writer, LogStore store, Authority authority) {
        var pace = parts.pace();
        return new Sessions.Parts(
                writer,
                store,
                authority,
                new Sessions.Intervals(
                        pace.heartbeat(), pace.lease(), Duration.ofSeconds(1), pace.grace()),
                UNREACHABLE,
                node.clock(),
                node.timers(),
                node.threads());
    }

    private void auditAgain(Authority authority) {
        node.timers()
                .after(
                        AUDIT,
                        () -> {
                            node.threads().start("audit", () -> auditNow(authority));
                            auditAgain(authority);
                        });
    }

    private void auditNow(Authority authority) {
        try {
            engine().read(
                            view -> {
                                audit().live(view, authority.valid());
                                return true;
                            });
        } catch (SlipwayException ended) {
            parts.world().note(node.name() + " is not audited any more");
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    private Audit audit() {
        return parts.network().audit();
    }

    private void exit(String why) {
        if (!exited) {
            exited = true;
            parts.world().note("%s ends: %s".formatted(node.name(), why));
            node.kill();
            onExit.run();
        }
    }

    /// A journal whose acknowledged entries are written down where no failure reaches.
    private final class Watched implements Journal {
        private final DatabaseJournal real;
        private final SimulatedDisk.Mount disk;

        Watched(DatabaseJournal real, SimulatedDisk.Mount disk) {
            this.real = real;
            this.disk = disk;
        }

        void check() {
            var found = new java.util.ArrayList<Entry>();
            real.replay(0, found::add);
            audit().recovered(found, disk);
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
