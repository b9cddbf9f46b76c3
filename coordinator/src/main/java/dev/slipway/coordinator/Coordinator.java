package dev.slipway.coordinator;

import dev.slipway.coordinator.api.ApiParts;
import dev.slipway.coordinator.api.GrpcServer;
import dev.slipway.coordinator.backup.Backups;
import dev.slipway.coordinator.backup.ControlSocket;
import dev.slipway.coordinator.engine.Authority;
import dev.slipway.coordinator.engine.EnginePorts;
import dev.slipway.coordinator.engine.EngineSettings;
import dev.slipway.coordinator.engine.PlannedJobs;
import dev.slipway.coordinator.engine.RunPlans;
import dev.slipway.coordinator.engine.SingleWriter;
import dev.slipway.coordinator.logs.LogStore;
import dev.slipway.coordinator.sessions.JobSpecs;
import dev.slipway.coordinator.sessions.Sessions;
import dev.slipway.coordinator.settings.Address;
import dev.slipway.coordinator.settings.CoordinatorSettings;
import dev.slipway.coordinator.storage.Retention;
import dev.slipway.coordinator.web.HttpPort;
import dev.slipway.error.ErrorCode;
import dev.slipway.error.SlipwayException;
import dev.slipway.id.Ids;
import dev.slipway.id.SecureIds;
import dev.slipway.time.Clock;
import dev.slipway.time.SystemClock;
import dev.slipway.time.SystemThreads;
import dev.slipway.time.SystemTimers;
import dev.slipway.time.Threads;
import dev.slipway.time.Timers;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;

/// One coordinator: made top to bottom, closed bottom to top. A process of its own, or embedded in
/// another one; several can live in one process.
///
/// ```
/// data folder → database → journal → engine → logs, blobs → sessions → gRPC, HTTP → housekeeping
/// ```
public final class Coordinator implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Coordinator.class);

    private final CoordinatorSettings settings;
    private final SingleWriter engine;
    private final GrpcServer grpc;
    private final Optional<HttpPort> http;
    private final Deque<Closing> closings = new ArrayDeque<>();
    private final CountDownLatch failed = new CountDownLatch(1);
    private volatile @Nullable Throwable failure;
    private volatile boolean serving;

    /// The world as a coordinator sees it.
    public record Ports(Clock clock, Timers timers, Threads threads, Ids ids) {
        /// The machine's.
        ///
        /// @param timers closed by whoever made them
        public static Ports system(SystemTimers timers) {
            return new Ports(new SystemClock(), timers, new SystemThreads(), new SecureIds());
        }
    }

    /// Where a coordinator listens.
    public record Bound(Address grpc, Optional<Address> http) {
        /// The one line that says so: `grpc=HOST:PORT http=HOST:PORT`.
        @Override
        public String toString() {
            return "grpc=" + grpc + http.map(address -> " http=" + address).orElse("");
        }
    }

    /// One thing to close, and its name for the log.
    record Closing(String name, AutoCloseable what) {}

    /// Opens the data, recovers what was under way and begins a new epoch. Nothing listens yet.
    ///
    /// @param version of this program
    /// @throws SlipwayException when the data directory cannot be used, saying why
    public static Coordinator open(CoordinatorSettings settings, Ports ports, String version)
            throws InterruptedException {
        settings.effective().forEach((key, value) -> LOG.debug("Setting. {}={}", key, value));
        var coordinator = new ArrayDeque<Closing>();
        try {
            return new Coordinator(settings, ports, version, coordinator);
        } catch (IOException problem) {
            closeAll(coordinator);
            throw new SlipwayException(
                    ErrorCode.STORAGE_FAILED,
                    "The data directory %s cannot be used (%s)."
                            .formatted(settings.data(), problem),
                    problem);
        } catch (RuntimeException | InterruptedException problem) {
            closeAll(coordinator);
            throw problem;
        }
    }

    private Coordinator(
            CoordinatorSettings settings, Ports ports, String version, Deque<Closing> opened)
            throws IOException, InterruptedException {
        this.settings = settings;
        var stores = new Stores(settings, ports, opened);
        stores.database.whenBroken(this::failed);
        this.engine =
                own(
                        opened,
                        "engine",
                        SingleWriter.start(
                                engineSettings(settings),
                                stores.journal,
                                new EnginePorts(
                                        ports.clock(),
                                        ports.timers(),
                                        ports.threads(),
                                        ports.ids(),
                                        Authority.STANDALONE),
                                this::failed));
        var sessions =
                own(opened, "sessions", new Sessions(sessionParts(settings, ports, stores.logs)));
        sessions.start();
        var specs =
                new JobSpecs(
                        new JobSpecs.Parts(
                                stores.runs,
                                sessions.grants(),
                                stores.secrets,
                                new PlannedJobs(new RunPlans()),
                                engine.farmId(),
                                settings.logCap(),
                                settings.artifactDays()));
        var api = apiParts(ports, stores, sessions, specs, version);
        this.grpc = own(opened, "gRPC", new GrpcServer(settings.listen().socket(), api));
        this.http = http(ports, stores, opened);
        var housekeeping =
                new Housekeeping(
                        retention(stores, ports),
                        stores.keeper,
                        stores.blobs,
                        ports.clock(),
                        ports.timers());
        own(opened, "housekeeping", housekeeping).start(ports.threads());
        var backups = new Backups(new Backup.Served(stores), ports.clock());
        own(
                opened,
                "control socket",
                new ControlSocket(stores.layout.root(), backups, ports.threads()));
        closings.addAll(opened);
    }

    private ApiParts apiParts(
            Ports ports, Stores stores, Sessions sessions, JobSpecs specs, String version) {
        return new ApiParts(
                engine,
                stores.runs,
                stores.logs,
                stores.blobs,
                stores.artifacts,
                stores.caches,
                stores.secrets,
                sessions,
                specs,
                settings.unreachableAfter(),
                settings.watchers(),
                version,
                ports.clock(),
                ports.timers(),
                ports.threads(),
                ports.ids());
    }

    private Optional<HttpPort> http(Ports ports, Stores stores, Deque<Closing> opened) {
        if (settings.http().isEmpty()) {
            return Optional.empty();
        }
        var figures = new Figures(engine, stores.logs, stores.blobs, grpc, settings, ports.clock());
        var address = settings.http().get().socket();
        return Optional.of(
                own(opened, "HTTP", new HttpPort(address, figures.metrics(), this::unready)));
    }

    private Retention retention(Stores stores, Ports ports) {
        return new Retention(
                stores.database,
                new Retention.Limits(settings.keepRuns(), (int) settings.keepFor().toDays()),
                Housekeeping.guard(
                        engine, stores.logs, stores.artifacts, ports.clock(), ports.timers()));
    }

    private static EngineSettings engineSettings(CoordinatorSettings settings) {
        var standard = EngineSettings.STANDALONE;
        return new EngineSettings(
                standard.queueCapacity(),
                standard.batch(),
                settings.leaseTtl(),
                settings.killGrace(),
                standard.retries(),
                standard.agingStep());
    }

    private Sessions.Parts sessionParts(CoordinatorSettings settings, Ports ports, LogStore logs) {
        return new Sessions.Parts(
                engine,
                logs,
                Authority.STANDALONE,
                new Sessions.Intervals(
                        settings.heartbeat(),
                        settings.leaseTtl(),
                        settings.reconnectWindow(),
                        settings.killGrace()),
                settings.unreachableAfter(),
                ports.clock(),
                ports.timers(),
                ports.threads());
    }

    /// Whoever is opened later is closed earlier.
    static <T extends AutoCloseable> T own(Deque<Closing> opened, String name, T what) {
        opened.push(new Closing(name, what));
        return what;
    }

    /// Begins to listen.
    public Bound start() {
        for (Address address : settings.listenersBeyondLoopback()) {
            LOG.warn(
                    "Listening beyond this machine, and nobody is asked who they are: whoever"
                            + " reaches the port can run programs on the agents. Use a loopback"
                            + " address or a firewall. address={}",
                    address);
        }
        Address bound = settings.listen().withPort(grpc.start());
        Optional<Address> web =
                settings.http()
                        .flatMap(address -> http.map(port -> address.withPort(port.start())));
        serving = true;
        var all = new Bound(bound, web);
        LOG.info(
                "The coordinator serves. {} data={} farm={} epoch={}",
                all,
                settings.data(),
                engine.farmId(),
                engine.epoch());
        return all;
    }

    /// Random id of this farm.
    public String farmId() {
        return engine.farmId();
    }

    /// How often a coordinator has begun to serve this farm's data.
    public long epoch() {
        return engine.epoch();
    }

    /// Whether nothing is under way: no unfinished run.
    public boolean idle() throws InterruptedException {
        return engine.read(view -> view.farm().runs().isEmpty());
    }

    /// The first cause counts: what fails after it fails because of it.
    private synchronized void failed(Throwable problem) {
        serving = false;
        if (failure == null) {
            failure = problem;
            LOG.error(
                    "This coordinator stops serving. What was acknowledged is in the data"
                            + " directory: see to the cause and start it again.",
                    problem);
            failed.countDown();
        }
    }

    private String unready() {
        return serving ? "" : "the coordinator does not serve";
    }

    /// Waits until the engine fails; returns only then. Interrupt the thread to end waiting.
    ///
    /// @return why
    public Throwable awaitFailure() throws InterruptedException {
        failed.await();
        Throwable problem = failure;
        return problem == null ? new IllegalStateException("no failure is known") : problem;
    }

    /// Stops serving and closes everything in reverse. Running jobs go on; their agents come back
    /// to the next coordinator with this data.
    @Override
    public void close() {
        serving = false;
        closeAll(closings);
    }

    private static void closeAll(Deque<Closing> closings) {
        while (!closings.isEmpty()) {
            Closing next = closings.pop();
            try {
                next.what().close();
            } catch (Exception problem) {
                LOG.warn("Closing failed. part={}", next.name(), problem);
            }
        }
    }
}
