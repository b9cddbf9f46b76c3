package dev.slipway.coordinator;

import dev.slipway.coordinator.api.ApiParts;
import dev.slipway.coordinator.api.GrpcServer;
import dev.slipway.coordinator.api.Leadership;
import dev.slipway.coordinator.api.RunWatch;
import dev.slipway.coordinator.backup.Backups;
import dev.slipway.coordinator.backup.ControlSocket;
import dev.slipway.coordinator.journal.DatabaseJournal;
import dev.slipway.coordinator.journal.Tables;
import dev.slipway.coordinator.settings.Address;
import dev.slipway.coordinator.settings.CoordinatorSettings;
import dev.slipway.coordinator.web.HttpPort;
import dev.slipway.coordinator.web.IncidentHook;
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
/// data folder → database → logs, blobs → role (journal → engine → sessions → housekeeping) → gRPC,
/// HTTP
/// ```
public final class Coordinator implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Coordinator.class);

    private final CoordinatorSettings settings;
    private final Role role;
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
        return open(settings, ports, version, Optional.empty());
    }

    /// The same for a coordinator of a cluster.
    ///
    /// @param access the way to the cluster that the settings name; empty: it is alone
    public static Coordinator open(
            CoordinatorSettings settings,
            Ports ports,
            String version,
            Optional<ClusterAccess> access)
            throws InterruptedException {
        settings.effective().forEach((key, value) -> LOG.info("Setting. {}={}", key, value));
        var coordinator = new ArrayDeque<Closing>();
        try {
            return new Coordinator(settings, ports, version, access, coordinator);
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
            CoordinatorSettings settings,
            Ports ports,
            String version,
            Optional<ClusterAccess> access,
            Deque<Closing> opened)
            throws IOException, InterruptedException {
        this.settings = settings;
        var disk = new DiskStores(settings, ports, opened);
        Stores stores = disk.stores;
        disk.database.whenBroken(this::failed);
        var watch = new RunWatch();
        var parts = new Reign.Parts(settings, ports, stores, watch);
        this.role = own(opened, "role", role(parts, watch, disk, version, access, opened));
        var api = apiParts(ports, disk, version);
        this.grpc = own(opened, "gRPC", new GrpcServer(settings.listen().socket(), api, watch));
        this.http = http(ports, stores, opened);
        var backups = new Backups(new Backup.Served(disk), ports.clock());
        own(
                opened,
                "control socket",
                new ControlSocket(disk.layout.root(), backups, ports.threads()));
        closings.addAll(opened);
    }

    private Role role(
            Reign.Parts parts,
            RunWatch watch,
            DiskStores disk,
            String version,
            Optional<ClusterAccess> access,
            Deque<Closing> opened)
            throws InterruptedException {
        if (access.isPresent()) {
            var cluster = access.get().open(parts.settings(), parts.ports());
            own(opened, "connection to the cluster", cluster.connection());
            own(opened, "logs of the cluster", cluster.logs());
            own(opened, "registry", cluster.membership());
            CheckpointSource checkpoints =
                    (leader, id) -> new CheckpointFetch(disk.layout, leader).run(id);
            return new ClusterRole(parts, watch, cluster, checkpoints, version, this::failed);
        }
        Tables.requireAlone(parts.stores().database);
        var journal = new DatabaseJournal(parts.stores().database, parts.stores().runs);
        return new LoneRole(parts, journal, version, this::failed);
    }

    private ApiParts apiParts(Ports ports, DiskStores disk, String version) {
        Stores stores = disk.stores;
        return new ApiParts(
                role,
                role,
                new CheckpointMaker(disk),
                stores.runs,
                stores.runs.deployments(),
                stores.logs,
                stores.blobs,
                stores.artifacts,
                stores.caches,
                stores.secrets,
                stores.sender,
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
        var figures = new Figures(role, stores, grpc, settings, ports.clock());
        var address = settings.http().get().socket();
        var desk = new ReportedIncidents(role, stores.runs.deployments());
        var port =
                new HttpPort(
                        address,
                        figures.metrics(),
                        this::unready,
                        this::leads,
                        settings.incidentKeyFile().map(file -> new IncidentHook(file, desk)));
        return Optional.of(own(opened, "HTTP", port));
    }

    /// Whoever is opened later is closed earlier.
    static <T extends AutoCloseable> T own(Deque<Closing> opened, String name, T what) {
        opened.push(new Closing(name, what));
        return what;
    }

    /// Begins to listen.
    public Bound start() throws InterruptedException {
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
        role.start(bound);
        var all = new Bound(bound, web);
        Leadership.Standing standing = role.standing();
        LOG.info(
                "The coordinator serves. {} data={} farm={} epoch={} leads={}",
                all,
                settings.data(),
                standing.farmId(),
                standing.epoch(),
                standing.leads());
        return all;
    }

    /// Random id of this farm; empty while this coordinator does not know it.
    public String farmId() {
        return role.standing().farmId();
    }

    /// How often a coordinator has begun to lead this farm, as far as this one knows.
    public long epoch() {
        return role.standing().epoch();
    }

    /// Whether this coordinator leads at the moment.
    public boolean leads() {
        return role.standing().leads();
    }

    /// Whether nothing is under way: no unfinished run.
    public boolean idle() throws InterruptedException {
        return role.read(farm -> farm.runs().isEmpty());
    }

    /// The first cause counts: what fails after it fails because of it.
    private synchronized void failed(Throwable problem) {
        serving = false;
        if (failure == null) {
            failure = problem;
            if (problem instanceof NewDataException) {
                LOG.info("{}", problem.getMessage());
            } else {
                LOG.error(
                        "This coordinator stops serving. What was acknowledged is in the data"
                                + " directory: see to the cause and start it again.",
                        problem);
            }
            failed.countDown();
        }
    }

    private String unready() {
        return serving ? role.unready() : "the coordinator does not serve";
    }

    /// Waits until the engine fails, or until other data has been fetched ({@link
    /// NewDataException}); returns only then. Interrupt the thread to end waiting.
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

    static void closeAll(Deque<Closing> closings) {
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
