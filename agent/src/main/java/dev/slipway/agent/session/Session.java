package dev.slipway.agent.session;

import dev.slipway.agent.runner.AttemptView;
import dev.slipway.agent.runner.Attempts;
import dev.slipway.agent.runner.Token;
import dev.slipway.agent.session.CoordinatorLink.Connection;
import dev.slipway.agent.session.IdentityFiles.SeenEpoch;
import dev.slipway.agent.v1.AttemptOrder;
import dev.slipway.agent.v1.ExchangeResponse;
import dev.slipway.agent.v1.SendLogResponse;
import dev.slipway.error.ErrorCode;
import dev.slipway.error.SlipwayException;
import dev.slipway.id.Ids;
import dev.slipway.time.Clock;
import dev.slipway.time.Threads;
import dev.slipway.time.Timers;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicBoolean;

/// The agent's conversation with whichever coordinator leads: the whole state on every connection,
/// then what changed; heartbeats that renew the leases; orders handed to {@link Attempts}.
///
/// ```
///            connect                 first answer
///  ALONE ──────────────▶ GREETING ────────────────▶ JOINED
///    ▲  jittered pause       │ broken, silent          │ broken, silent, stale epoch
///    └───────────────────────┴─────────────────────────┘
/// ```
///
/// One thread owns all of it and takes messages from an inbox: answers, timers, changes of
/// attempts. The inbox is bounded by the protocol: one change and one beat at a time, and the
/// coordinator answers what it was sent.
public final class Session implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Session.class);
    private static final int SILENT_BEATS = 4;

    private final Identity identity;
    private final List<String> coordinators;
    private final CoordinatorLink link;
    private final Attempts attempts;
    private final ConnectionGate gate;
    private final EpochGuard epochs;
    private final Clock clock;
    private final Timers timers;
    private final Ids ids;
    private final Runnable onRefused;
    private final LinkedBlockingQueue<Message> inbox = new LinkedBlockingQueue<>();
    private final AtomicBoolean changeIsQueued = new AtomicBoolean();
    private final LeaseClock lease = new LeaseClock();
    private final StateTeller teller;

    private Pace pace = Pace.INITIAL;
    private Timers.Timer nextBeat = () -> {};
    private int nextCoordinator;
    private @Nullable String leader;

    /// The coordinator that was lost or could not be reached: who names it as the leader has not
    /// heard of that yet.
    private String gone = "";

    private String coordinator = "";
    private int generation;
    private boolean joined;
    private @Nullable Connection connection;
    private @Nullable Thread owner;

    /// What the session is made of.
    ///
    /// @param coordinators `HOST:PORT` each, tried in turn
    /// @param onRefused called once when the farm refuses this agent for good
    public record Parts(
            Identity identity,
            Offer offer,
            List<String> coordinators,
            CoordinatorLink link,
            IdentityFiles files,
            Attempts attempts,
            ConnectionGate gate,
            Clock clock,
            Timers timers,
            Ids ids,
            Runnable onRefused) {}

    private sealed interface Message {
        record Connect() implements Message {}

        record Answered(int generation, ExchangeResponse response) implements Message {}

        record Broken(int generation, SlipwayException why) implements Message {}

        record Beat(int generation) implements Message {}

        record LeaseOver() implements Message {}

        record Changed() implements Message {}

        record Drain() implements Message {}

        record Close() implements Message {}
    }

    public Session(Parts parts) throws IOException {
        this.identity = parts.identity();
        this.coordinators = List.copyOf(parts.coordinators());
        this.link = parts.link();
        this.attempts = parts.attempts();
        this.gate = parts.gate();
        this.epochs = new EpochGuard(parts.files());
        this.clock = parts.clock();
        this.timers = parts.timers();
        this.ids = parts.ids();
        this.onRefused = parts.onRefused();
        this.teller = new StateTeller(identity, parts.offer(), attempts, lease, clock);
        if (coordinators.isEmpty()) {
            throw new IllegalArgumentException("An agent needs at least one coordinator.");
        }
    }

    /// Starts the conversation; it goes on until {@link #close}.
    public void start(Threads threads) {
        attempts.onChange(this::noteChange);
        inbox.add(new Message.Connect());
        owner = threads.start("agent-session", this::loop);
    }

    /// Tells the farm that this agent takes no new attempts.
    public void drain() {
        inbox.add(new Message.Drain());
    }

    /// Ends the conversation; attempts are left as they are.
    @Override
    public void close() {
        inbox.add(new Message.Close());
        Thread thread = owner;
        if (thread != null) {
            try {
                thread.join();
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private void noteChange() {
        if (changeIsQueued.compareAndSet(false, true)) {
            inbox.add(new Message.Changed());
        }
    }

    private void loop() {
        try {
            while (true) {
                switch (inbox.take()) {
                    case Message.Connect() -> connect();
                    case Message.Answered(int from, ExchangeResponse response) -> {
                        if (from == generation) {
                            answered(response);
                        }
                    }
                    case Message.Broken(int from, SlipwayException why) -> {
                        if (from == generation) {
                            if (why.code() != ErrorCode.NOT_LEADER) {
                                gone = coordinator;
                            }
                            reconnect(why.getMessage(), why.details().get(SlipwayException.LEADER));
                        }
                    }
                    case Message.Beat(int from) -> {
                        if (from == generation) {
                            beat();
                        }
                    }
                    case Message.LeaseOver() -> checkLease();
                    case Message.Changed() -> tellChanges();
                    case Message.Drain() -> teller.drain();
                    case Message.Close() -> {
                        disconnect();
                        return;
                    }
                }
            }
        } catch (InterruptedException stopped) {
            disconnect();
        }
    }

    private void connect() {
        String named = leader;
        coordinator =
                named != null ? named : coordinators.get(nextCoordinator % coordinators.size());
        generation++;
        joined = false;
        connection = link.connect(coordinator, new Inbound(generation));
        teller.greet(connection, epochs.highest());
        scheduleBeat();
    }

    private void reconnect(String why) {
        reconnect(why, null);
    }

    /// @param named who leads, if the coordinator that refused said so: it is tried next; else the
    ///   next one in the list is
    private void reconnect(String why, @Nullable String named) {
        if (joined) {
            LOG.warn("Lost the coordinator; jobs go on. coordinator={} why={}", coordinator, why);
        } else {
            LOG.info("No coordinator yet. coordinator={} why={}", coordinator, why);
        }
        disconnect();
        if (leader == null) {
            nextCoordinator++;
        }
        leader = gone.equals(named) ? null : named;
        timers.after(jittered(), () -> inbox.add(new Message.Connect()));
    }

    private void disconnect() {
        generation++;
        joined = false;
        gate.closed();
        teller.disconnected();
        Connection old = connection;
        connection = null;
        if (old != null) {
            old.close();
        }
    }

    /// A point in the reconnect window, so that a thousand agents do not come back at once.
    private Duration jittered() {
        long window = Math.max(1, pace.reconnectWindow().toMillis());
        long random = Long.parseLong(ids.fresh().substring(0, 15), 16);
        return Duration.ofMillis(Math.min(50, window) + random % window);
    }

    private void answered(ExchangeResponse response) {
        if (!response.getRefusedReason().isEmpty()) {
            LOG.error(
                    "The farm refuses this agent. name={} reason={}",
                    identity.name(),
                    response.getRefusedReason());
            disconnect();
            onRefused.run();
            return;
        }
        try {
            var seen = new SeenEpoch(response.getFarmId(), response.getEpoch());
            var verdict = epochs.check(seen, attempts.views());
            if (verdict.isPresent()) {
                reconnect(verdict.get());
                return;
            }
        } catch (IOException problem) {
            reconnect("cannot remember the epoch on disk: " + problem.getMessage());
            return;
        }
        keepPace(response.hasPace() ? Pace.of(response.getPace()) : pace);
        follow(response);
        if (lease.acknowledged(response.getAcknowledgedSequence())) {
            renew();
        }
        if (!joined) {
            joined = true;
            gone = "";
            LOG.info(
                    "Joined the farm. coordinator={} epoch={} name={}",
                    coordinator,
                    response.getEpoch(),
                    identity.name());
            Connection current = connection;
            if (current != null) {
                gate.opened(current);
            }
            // Proves to the coordinator that the greeting was not one of an earlier connection.
            teller.beat();
        }
    }

    /// A beat that was set by another pace could come too late for this one's patience.
    private void keepPace(Pace told) {
        boolean changed = !told.heartbeatInterval().equals(pace.heartbeatInterval());
        pace = told;
        if (changed) {
            scheduleBeat();
        }
    }

    private void follow(ExchangeResponse response) {
        var named = new HashSet<Token>();
        for (AttemptOrder order : response.getAttemptsList()) {
            Token token = Messages.token(order.getToken());
            named.add(token);
            switch (order.getAction()) {
                case ACTION_RUN -> attempts.run(token);
                case ACTION_CANCEL -> attempts.cancel(token, order.getReason());
                case ACTION_ABANDON -> attempts.abandon(token.attempt(), order.getReason());
                case ACTION_FORGET -> {
                    attempts.forget(token.attempt());
                    teller.forget(token);
                }
                case ACTION_UNSPECIFIED, UNRECOGNIZED ->
                        LOG.warn(
                                "Skipped an order of a newer coordinator. attempt={} order={}",
                                token.attempt(),
                                order.getActionValue());
            }
        }
        if (response.getFull()) {
            attempts.views().stream()
                    .filter(view -> !named.contains(view.token()))
                    .filter(view -> view.phase() != AttemptView.Phase.FINISHED)
                    .filter(view -> teller.hasTold(view.token()))
                    .forEach(
                            view ->
                                    attempts.abandon(
                                            view.token().attempt(),
                                            "the farm no longer gives it to this agent"));
        }
    }

    private void renew() {
        lease.endsAt(pace.leaseTtl())
                .ifPresent(
                        endsAt -> {
                            attempts.renewLeases(endsAt);
                            Duration left = endsAt.minus(clock.uptime());
                            timers.after(left, () -> inbox.add(new Message.LeaseOver()));
                        });
    }

    private void checkLease() {
        if (lease.endsAt(pace.leaseTtl())
                .filter(end -> clock.uptime().compareTo(end) >= 0)
                .isPresent()) {
            attempts.leaseEnded();
        }
    }

    private void beat() {
        Duration silence = clock.uptime().minus(lease.lastHeard());
        Duration patience = pace.heartbeatInterval().multipliedBy(SILENT_BEATS);
        if (silence.compareTo(patience) > 0) {
            gone = coordinator;
            reconnect("no answer for " + silence.toSeconds() + " s");
            return;
        }
        if (joined) {
            teller.beat();
        }
        scheduleBeat();
    }

    private void scheduleBeat() {
        int now = generation;
        nextBeat.cancel();
        nextBeat = timers.after(pace.heartbeatInterval(), () -> inbox.add(new Message.Beat(now)));
    }

    private void tellChanges() {
        changeIsQueued.set(false);
        if (joined) {
            teller.changes();
        }
    }

    /// Hands what a connection says to the owner; what an old connection says is dropped there.
    private final class Inbound implements CoordinatorLink.Receiver {
        private final int from;

        Inbound(int from) {
            this.from = from;
        }

        @Override
        public void received(ExchangeResponse response) {
            inbox.add(new Message.Answered(from, response));
        }

        @Override
        public void received(SendLogResponse response) {
            gate.logAnswered(response);
        }

        @Override
        public void broken(SlipwayException why) {
            inbox.add(new Message.Broken(from, why));
        }
    }
}
