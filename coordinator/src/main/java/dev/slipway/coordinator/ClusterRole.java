package dev.slipway.coordinator;

import dev.slipway.coordinator.ClusterAccess.Cluster;
import dev.slipway.coordinator.api.RunWatch;
import dev.slipway.coordinator.engine.Membership;
import dev.slipway.coordinator.engine.Membership.Member;
import dev.slipway.coordinator.engine.Membership.Self;
import dev.slipway.coordinator.journal.ClusterLogs.Claim;
import dev.slipway.coordinator.journal.Follower;
import dev.slipway.coordinator.journal.ReplicatedJournal;
import dev.slipway.coordinator.journal.Tables;
import dev.slipway.coordinator.model.Event;
import dev.slipway.coordinator.model.FarmState;
import dev.slipway.coordinator.model.FarmView;
import dev.slipway.coordinator.settings.Address;
import dev.slipway.coordinator.settings.ClusterSettings;
import dev.slipway.error.ErrorCode;
import dev.slipway.error.SlipwayException;
import dev.slipway.time.Bell;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import java.util.function.Function;

/// A coordinator of a cluster: it follows until it is elected, leads until it is deposed or its
/// reign fails, and follows again. One thread lives these lives, one after the other:
///
/// ```
///            elected              caught up
/// FOLLOWING ─────────▶ CLAIMING ────────────▶ LEADING
///    ▲                    │ failed               │ deposed, failed
///    └────────────────────┴──────────────────────┘
/// ```
final class ClusterRole implements Role {
    private static final Logger LOG = LoggerFactory.getLogger(ClusterRole.class);
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final Duration PAUSE = Duration.ofSeconds(1);

    private final Reign.Parts parts;
    private final RunWatch watch;
    private final Cluster cluster;
    private final CheckpointSource checkpoints;
    private final String version;
    private final Consumer<Throwable> onFailure;
    private final Tables tables;
    private final ProgressTeller progress;
    private final Bell changed = new Bell();
    private final PauseBetweenReigns pause = new PauseBetweenReigns();
    private @Nullable Thread thread;
    private volatile Optional<Self> self = Optional.empty();
    private volatile boolean closing;
    private volatile boolean elected;
    private volatile @Nullable Follower follower;
    private volatile @Nullable Reign reign;
    private volatile @Nullable SlipwayException stopped;
    private volatile @Nullable Throwable reignEnd;

    /// @param watch hears what is committed
    /// @param onFailure called once when this coordinator's own data failed
    ClusterRole(
            Reign.Parts parts,
            RunWatch watch,
            Cluster cluster,
            CheckpointSource checkpoints,
            String version,
            Consumer<Throwable> onFailure) {
        this.parts = parts;
        this.watch = watch;
        this.cluster = cluster;
        this.checkpoints = checkpoints;
        this.version = version;
        this.onFailure = onFailure;
        this.tables = new Tables(parts.stores().database, parts.stores().runs);
        this.progress = new ProgressTeller(cluster, tables, parts.ports().clock());
        this.follower = follow();
    }

    @Override
    public void start(Address address) throws InterruptedException {
        var settings = parts.settings().cluster();
        String advertised = settings.flatMap(ClusterSettings::advertise).orElse(address).toString();
        String id =
                settings.map(ClusterSettings::memberId)
                        .filter(named -> !named.isEmpty())
                        .orElse(advertised);
        var me = new Self(id, advertised, version);
        self = Optional.of(me);
        cluster.membership().join(me, new Hears());
        thread = parts.ports().threads().startOwner("slipway-role", this::live);
    }

    private Follower follow() {
        stopped = null;
        return Follower.start(
                new Follower.Parts(
                        cluster.logs(),
                        tables,
                        parts.stores().logs,
                        new Listens(),
                        parts.ports().timers(),
                        parts.ports().threads()));
    }

    private void live() {
        try {
            while (!closing) {
                Follower following = follower;
                if (following == null) {
                    following = follow();
                    follower = following;
                    changed.ring();
                }
                SlipwayException why = stopped;
                if (why != null) {
                    follower = null;
                    following.close();
                    if (why.code() != ErrorCode.POSITION_TRIMMED) {
                        throw why;
                    }
                    fetchCheckpoint();
                }
                progress.follows(following);
                if (elected) {
                    lead(following);
                } else {
                    await(cluster.pace().look(), () -> elected || stopped != null);
                }
            }
        } catch (InterruptedException closed) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException problem) {
            onFailure.accept(problem);
        }
    }

    /// The logs do not reach back to where this coordinator is: it needs the leader's data. Tried
    /// again until there is a leader that sends it.
    private void fetchCheckpoint() throws InterruptedException {
        while (!closing) {
            // Whoever lacks entries cannot lead.
            cluster.membership().resign();
            Optional<String> leader = cluster.membership().leaderAddress();
            if (leader.isPresent()) {
                try {
                    throw new NewDataException(
                            checkpoints.fetch(leader.get(), self.map(Self::id).orElse("")));
                } catch (SlipwayException problem) {
                    LOG.warn("{} Trying again.", problem.getMessage());
                }
            }
            await(PAUSE, () -> false);
        }
    }

    private void lead(Follower following) throws InterruptedException {
        reignEnd = null;
        Duration begun = parts.ports().clock().uptime();
        LOG.info("Elected; claiming the logs. position={}", following.position());
        try (Claim claim = cluster.logs().claim()) {
            FarmState state = following.catchUp(claim);
            follower = null;
            reign(claim, state);
        } catch (SlipwayException problem) {
            LOG.warn("This coordinator cannot lead; it follows. why={}", problem.getMessage());
            reignEnd = problem;
        }
        if (!closing && elected && reignEnd != null) {
            cluster.membership().resign();
            Duration lasted = parts.ports().clock().uptime().minus(begun);
            parts.ports().timers().pause(pause.after(lasted));
        }
    }

    private void reign(Claim claim, FarmState state) throws InterruptedException {
        var journal = new ReplicatedJournal(claim, tables, state, this::over);
        Reign begun = null;
        try {
            parts.stores().logs.lead(journal.output());
            begun = Reign.begin(parts, journal, cluster.membership().authority(), this::over);
            reign = begun;
            changed.ring();
            LOG.info("This coordinator leads. epoch={}", claim.epoch());
            while (!closing && elected && reignEnd == null) {
                progress.leads(begun.leader().engine(), journal);
                await(cluster.pace().look(), () -> !elected || reignEnd != null);
            }
        } finally {
            boolean interrupted = Thread.interrupted();
            reign = null;
            end(begun, journal);
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
        LOG.info("This coordinator leads no more. epoch={} why={}", claim.epoch(), why());
    }

    /// In order when this coordinator is asked to end; otherwise nothing may be waited for.
    private void end(@Nullable Reign begun, ReplicatedJournal journal) {
        if (begun != null) {
            begun.abdicate();
        }
        if (!closing) {
            journal.close();
        }
        if (begun != null) {
            begun.close();
        }
        journal.close();
    }

    private String why() {
        Throwable end = reignEnd;
        return closing
                ? "it is closing"
                : end == null ? "deposed" : String.valueOf(end.getMessage());
    }

    private void over(Throwable why) {
        if (reignEnd == null) {
            reignEnd = why;
        }
        changed.ring();
    }

    /// Waits until something may have changed.
    private void await(Duration atMost, java.util.function.BooleanSupplier happened)
            throws InterruptedException {
        CountDownLatch change = changed.next();
        if (closing || happened.getAsBoolean()) {
            return;
        }
        var timer = parts.ports().timers().after(atMost, changed::ring);
        try {
            change.await();
        } finally {
            timer.cancel();
        }
    }

    @Override
    public Leader require() {
        Reign current = reign;
        if (current == null) {
            throw notLeader("This coordinator does not lead");
        }
        return current.leader();
    }

    @Override
    public Leader current() throws InterruptedException {
        Reign current = reign;
        if (current == null) {
            throw notLeader("This coordinator does not lead");
        }
        return current.certainLeader();
    }

    private SlipwayException notLeader(String what) {
        Optional<String> leader = cluster.membership().leaderAddress();
        return new SlipwayException(
                ErrorCode.NOT_LEADER,
                what
                        + leader.map(" at the moment; %s does."::formatted)
                                .orElse(
                                        " at the moment, and no other is known to. Try again"
                                                + " soon."),
                leader.map(address -> Map.of(SlipwayException.LEADER, address)).orElse(Map.of()));
    }

    /// Between two lives it waits for the next one to begin.
    @Override
    public <T> T read(Function<FarmView, T> reader) throws InterruptedException {
        Duration end = parts.ports().clock().uptime().plus(PATIENCE);
        while (true) {
            CountDownLatch change = changed.next();
            Reign leading = reign;
            if (leading != null) {
                return leading.leader().engine().read(view -> reader.apply(view.farm()));
            }
            Follower following = follower;
            if (following != null) {
                Optional<T> seen = following.read(reader);
                if (seen.isPresent()) {
                    return seen.get();
                }
            }
            Duration left = end.minus(parts.ports().clock().uptime());
            if (closing || !left.isPositive()) {
                throw notLeader("This coordinator is changing its role and does not lead");
            }
            var timer = parts.ports().timers().after(left, changed::ring);
            try {
                change.await();
            } finally {
                timer.cancel();
            }
        }
    }

    @Override
    public void await(long position) throws InterruptedException {
        Follower following = follower;
        if (position <= 0 || reign != null || tables.position() >= position) {
            return;
        }
        if (following == null || !following.await(position, PATIENCE)) {
            if (reign == null) {
                throw notLeader(
                        ("This coordinator has come to position %d only, not to %d, and does not"
                                        + " lead")
                                .formatted(tables.position(), position));
            }
        }
    }

    @Override
    public Standing standing() {
        Reign current = reign;
        if (current != null) {
            var engine = current.leader().engine();
            return new Standing(true, "", engine.farmId(), engine.epoch(), engine.position());
        }
        var meta = tables.meta();
        String leads = cluster.membership().leaderAddress().orElse("");
        return new Standing(false, leads, meta.farmId(), meta.epoch(), meta.position());
    }

    @Override
    public List<Member> members() throws InterruptedException {
        return cluster.membership().members();
    }

    @Override
    public String unready() {
        return reign == null && follower == null ? "the coordinator is changing its role" : "";
    }

    @Override
    public void close() {
        closing = true;
        changed.ring();
        Thread living = thread;
        if (living != null) {
            living.interrupt();
            join(living);
        }
        Follower following = follower;
        if (following != null) {
            following.close();
        }
    }

    private static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private final class Hears implements Membership.Candidate {
        @Override
        public void elected() {
            elected = true;
            changed.ring();
        }

        @Override
        public void deposed() {
            elected = false;
            Reign current = reign;
            if (current != null) {
                current.abdicate();
            }
            changed.ring();
        }
    }

    private final class Listens implements Follower.Listener {
        @Override
        public void committed(long position, List<Event> events) {
            watch.committed(position, events);
        }

        @Override
        public void stopped(SlipwayException why) {
            stopped = why;
            changed.ring();
        }
    }
}
