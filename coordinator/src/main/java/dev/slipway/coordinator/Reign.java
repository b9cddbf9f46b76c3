package dev.slipway.coordinator;

import static dev.slipway.coordinator.Coordinator.own;

import dev.slipway.coordinator.Coordinator.Closing;
import dev.slipway.coordinator.api.Leadership.Leader;
import dev.slipway.coordinator.blobs.BlobKeeper;
import dev.slipway.coordinator.engine.Authority;
import dev.slipway.coordinator.engine.EnginePorts;
import dev.slipway.coordinator.engine.EngineSettings;
import dev.slipway.coordinator.engine.EventListener;
import dev.slipway.coordinator.engine.PlannedJobs;
import dev.slipway.coordinator.engine.RunPlans;
import dev.slipway.coordinator.engine.SingleWriter;
import dev.slipway.coordinator.journal.Journal;
import dev.slipway.coordinator.notify.Backoff;
import dev.slipway.coordinator.notify.Notifier;
import dev.slipway.coordinator.sessions.JobSpecs;
import dev.slipway.coordinator.sessions.Sessions;
import dev.slipway.coordinator.settings.CoordinatorSettings;
import dev.slipway.coordinator.storage.Retention;
import dev.slipway.error.ErrorCode;
import dev.slipway.error.SlipwayException;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Consumer;

/// What exists only while this coordinator leads: the engine, the agents' sessions, their job specs
/// and the housekeeping. Standalone there is one reign, as long as the process.
final class Reign implements AutoCloseable {
    /// How long a reader waits for certainty.
    private static final Duration DOUBT = Duration.ofSeconds(2);

    private static final Duration LOOK_AGAIN = Duration.ofMillis(20);

    private final Deque<Closing> closings = new ArrayDeque<>();
    private final SingleWriter engine;
    private final Sessions sessions;
    private final JobSpecs specs;
    private final Authority authority;
    private final Coordinator.Ports ports;
    private volatile boolean over;

    /// What a reign works with; all of it lives longer.
    ///
    /// @param listener hears what is committed
    record Parts(
            CoordinatorSettings settings,
            Coordinator.Ports ports,
            Stores stores,
            EventListener listener) {}

    /// Recovers what was under way, begins a new epoch, and serves.
    ///
    /// @param onFailure called once when the engine fails: its state is in doubt
    static Reign begin(
            Parts parts, Journal journal, Authority authority, Consumer<Throwable> onFailure)
            throws InterruptedException {
        return new Reign(parts, journal, authority, onFailure);
    }

    private Reign(Parts parts, Journal journal, Authority authority, Consumer<Throwable> onFailure)
            throws InterruptedException {
        Authority own = () -> !over && authority.valid();
        this.authority = own;
        this.ports = parts.ports();
        try {
            engine = own(closings, "engine", engine(parts, journal, own, onFailure));
            parts.stores().blobs.lead(engine.epoch());
            engine.listen(parts.listener());
            engine.listen(parts.stores().notified);
            sessions = own(closings, "sessions", new Sessions(sessionParts(parts, own)));
            sessions.start();
            specs = specs(parts);
            own(closings, "housekeeping", housekeeping(parts)).start(parts.ports().threads());
            own(closings, "notifications", notifier(parts, own)).start();
        } catch (RuntimeException | InterruptedException problem) {
            close();
            throw problem;
        }
    }

    private static SingleWriter engine(
            Parts parts, Journal journal, Authority authority, Consumer<Throwable> onFailure) {
        Coordinator.Ports ports = parts.ports();
        var standard = EngineSettings.STANDALONE;
        var settings =
                new EngineSettings(
                        standard.queueCapacity(),
                        standard.batch(),
                        parts.settings().leaseTtl(),
                        parts.settings().killGrace(),
                        standard.retries(),
                        standard.agingStep());
        return SingleWriter.start(
                settings,
                journal,
                new EnginePorts(
                        ports.clock(), ports.timers(), ports.threads(), ports.ids(), authority),
                onFailure);
    }

    private Sessions.Parts sessionParts(Parts parts, Authority authority) {
        CoordinatorSettings settings = parts.settings();
        return new Sessions.Parts(
                engine,
                parts.stores().logs,
                authority,
                new Sessions.Intervals(
                        settings.heartbeat(),
                        settings.leaseTtl(),
                        settings.reconnectWindow(),
                        settings.killGrace()),
                settings.unreachableAfter(),
                parts.ports().clock(),
                parts.ports().timers(),
                parts.ports().threads());
    }

    private JobSpecs specs(Parts parts) {
        return new JobSpecs(
                new JobSpecs.Parts(
                        parts.stores().runs,
                        sessions.grants(),
                        parts.stores().secrets,
                        parts.stores().runs.deployments(),
                        new PlannedJobs(new RunPlans()),
                        engine.farmId(),
                        parts.settings().logCap(),
                        parts.settings().artifactDays()));
    }

    private Notifier notifier(Parts parts, Authority authority) {
        Coordinator.Ports ports = parts.ports();
        return new Notifier(
                new Notifier.Parts(
                        engine,
                        parts.stores().sender,
                        authority,
                        Backoff.STANDARD,
                        ports.clock(),
                        ports.timers(),
                        ports.threads()));
    }

    private Housekeeping housekeeping(Parts parts) {
        Stores stores = parts.stores();
        CoordinatorSettings settings = parts.settings();
        var limits = new Retention.Limits(settings.keepRuns(), (int) settings.keepFor().toDays());
        var keeper =
                new BlobKeeper(
                        stores.blobs,
                        stores.artifacts,
                        stores.caches,
                        Housekeeping.forgetting(engine),
                        found -> Housekeeping.sources(stores.runs, found),
                        new BlobKeeper.Limits(settings.blobQuota(), stores.pause));
        return new Housekeeping(
                stores,
                new Retention(
                        stores.database,
                        limits,
                        Housekeeping.remover(
                                engine,
                                stores.logs,
                                parts.ports().clock(),
                                parts.ports().timers())),
                keeper,
                parts.ports().clock(),
                parts.ports().timers());
    }

    Leader leader() {
        return new Leader(engine, sessions, specs);
    }

    /// The leader's parts, at a moment when nobody else can lead. Waits for it: ZooKeeper is asked
    /// several times a second.
    ///
    /// @throws SlipwayException NOT_LEADER when there is no such moment soon
    Leader certainLeader() throws InterruptedException {
        Duration end = ports.clock().uptime().plus(DOUBT);
        while (!authority.valid()) {
            if (over || ports.clock().uptime().compareTo(end) > 0) {
                throw new SlipwayException(
                        ErrorCode.NOT_LEADER,
                        "This coordinator is not certain to lead at the moment: ZooKeeper does not"
                                + " answer it. Try again soon.");
            }
            ports.timers().pause(LOOK_AGAIN);
        }
        return leader();
    }

    /// No heartbeat is acknowledged and no job given away from now on.
    void abdicate() {
        over = true;
    }

    /// Ends the engine after the turn that is under way, and lets all agents go.
    @Override
    public void close() {
        abdicate();
        Coordinator.closeAll(closings);
    }
}
