package dev.slipway.coordinator.sessions;

import dev.slipway.agent.v1.AgentIdentity;
import dev.slipway.agent.v1.AttemptOrder.Action;
import dev.slipway.agent.v1.AttemptState;
import dev.slipway.agent.v1.Capacity;
import dev.slipway.agent.v1.ExchangeRequest;
import dev.slipway.agent.v1.ExchangeResponse;
import dev.slipway.coordinator.engine.Engine;
import dev.slipway.coordinator.model.Command;
import dev.slipway.error.ErrorCode;
import dev.slipway.error.SlipwayException;
import dev.slipway.id.AttemptId;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/// The conversation with one agent over one connection.
///
/// ```
///            full message, accepted            silent
///  OPEN ──────────────────────────▶ JOINED ◀─────────────▶ SILENT (takes no jobs)
///    │ refused                        │ closed, replaced      │ closed
///    └──────────────▶ OVER ◀──────────┴───────────────────────┘
/// ```
///
/// Everything is done by one actor, one thing after the other. An order leaves only for what is
/// durable: it is computed from what the engine shows between two turns.
public final class Session {
    private static final Logger LOG = LoggerFactory.getLogger(Session.class);
    private static final int WAITING = 256;

    private final Sessions sessions;
    private final Engine engine;
    private final AgentLink link;
    private final long number;
    private final Actor actor;
    private final AtomicBoolean refreshWaits = new AtomicBoolean();
    private final PendingEnds pending;
    private final OrderBook orders;

    private AgentIdentity identity = AgentIdentity.getDefaultInstance();
    private Capacity capacity = Capacity.getDefaultInstance();
    private long connection;
    private boolean joined;
    private boolean greetingIsProven;
    private boolean silent;
    private boolean over;
    private boolean drainTold;
    private Duration lastHeard;

    Session(Sessions sessions, AgentLink link, long number) {
        this.sessions = sessions;
        this.number = number;
        this.engine = sessions.parts().engine();
        this.link = link;
        this.actor = new Actor("slipway-session", sessions.parts().threads(), WAITING);
        this.pending =
                new PendingEnds(
                        sessions.parts().logs(),
                        sessions.restored(),
                        sessions.parts().clock(),
                        () -> actor.tell(this::recheckEnds));
        this.orders = new OrderBook(engine.farmId());
        this.lastHeard = sessions.parts().clock().uptime();
    }

    static SlipwayException notLeader() {
        return new SlipwayException(
                ErrorCode.NOT_LEADER,
                "This coordinator does not lead at the moment. Try another one, or again later.");
    }

    /// Takes a message; never blocks.
    public void received(ExchangeRequest request) {
        if (!actor.offer(() -> guarded(() -> handle(request)))) {
            link.end(
                    new SlipwayException(
                            ErrorCode.OVERLOADED,
                            "The agent sends faster than it is answered. Connect again later."));
        }
    }

    /// The connection is gone.
    public void closed() {
        actor.tell(this::leave);
    }

    /// The farm may want something else of this agent; never blocks.
    void refresh() {
        if (refreshWaits.compareAndSet(false, true)) {
            actor.tell(
                    () -> {
                        refreshWaits.set(false);
                        guarded(this::tellChanges);
                    });
        }
    }

    /// Another connection of the same agent has taken over.
    void replaced() {
        actor.tell(
                () -> {
                    link.end(
                            new SlipwayException(
                                    ErrorCode.NOT_LEADER,
                                    "Another connection of this agent has taken over."));
                    over = true;
                    sessions.over(number);
                    pending.close();
                });
    }

    /// This coordinator leads no more.
    void deposed() {
        actor.tell(
                () -> {
                    link.end(notLeader());
                    leave();
                });
    }

    /// Records ends whose output will not come any more; never blocks.
    void checkOverdue() {
        actor.tell(() -> guarded(() -> recordEnds(pending.overdue())));
    }

    /// Marks the agent as gone when nothing was heard of it for too long; never blocks.
    void checkSilence(Duration now, Duration patience) {
        actor.tell(
                () -> {
                    if (joined
                            && !silent
                            && !over
                            && now.minus(lastHeard).compareTo(patience) > 0) {
                        silent = true;
                        LOG.warn(
                                "An agent is unreachable; it gets no new jobs. agent={}",
                                identity.getName());
                        tellGone();
                    }
                });
    }

    private void guarded(Actor.Work work) throws InterruptedException {
        if (over) {
            return;
        }
        try {
            work.run();
        } catch (SlipwayException problem) {
            if (problem.code() == ErrorCode.AGENT_NAME_TAKEN) {
                LOG.warn(
                        "Refused an agent. agent={} reason={}",
                        identity.getName(),
                        problem.getMessage());
                link.send(response(0).setFull(true).setRefusedReason(problem.getMessage()).build());
                link.complete();
            } else {
                LOG.warn(
                        "Ended the connection of an agent. agent={} reason={}",
                        identity.getName(),
                        problem.getMessage());
                link.end(problem);
            }
            leave();
        }
    }

    private void handle(ExchangeRequest request) throws InterruptedException {
        requireAuthority();
        Sense.require(request);
        if (request.getFull()) {
            greet(request);
        } else if (!joined) {
            throw new SlipwayException(
                    ErrorCode.INVALID_ARGUMENT,
                    "The first message of a connection must say the agent's whole state.");
        } else if (request.hasCapacity()) {
            capacity = request.getCapacity();
            engine.ask(new Command.AgentChanged(Reports.agent(identity, capacity), connection));
        }
        if (silent) {
            join();
        }
        lastHeard = sessions.parts().clock().uptime();
        engine.heard(identity.getAgentId());
        for (AttemptState state : request.getAttemptsList()) {
            report(state);
        }
        boolean lost = !request.getFull() && loseWhatIsGone();
        if (request.getFull()) {
            answerWhole(request);
        } else if (request.getAttemptsCount() > 0 || lost) {
            send(response(request.getSequence()), desired(), false);
        } else {
            sendUnlessDeposed(response(request.getSequence()));
        }
    }

    private void requireAuthority() {
        if (!sessions.parts().authority().valid()) {
            throw notLeader();
        }
    }

    private void greet(ExchangeRequest request) throws InterruptedException {
        AgentIdentity said = request.getIdentity();
        if (said.getAgentId().isBlank() || said.getName().isBlank()) {
            throw new SlipwayException(
                    ErrorCode.INVALID_ARGUMENT, "An agent must say its id and its name.");
        }
        if (said.getFarmId().equals(engine.farmId()) && said.getHighestEpoch() > engine.epoch()) {
            throw new SlipwayException(
                    ErrorCode.STALE_EPOCH,
                    "This coordinator leads in epoch %d, but agent %s has seen epoch %d: another"
                                    .formatted(
                                            engine.epoch(), said.getName(), said.getHighestEpoch())
                            + " one leads, or older data was put back. Start the one with the"
                            + " newest data.");
        }
        identity = said;
        capacity = request.getCapacity();
        orders.clear();
        pending.clear();
        greetingIsProven = false;
        join();
    }

    private void join() throws InterruptedException {
        connection = sessions.joined(identity.getAgentId(), this);
        engine.ask(new Command.AgentConnected(Reports.agent(identity, capacity), connection));
        if (!joined || silent) {
            LOG.info(
                    "An agent joined. agent={} slots={} labels={}",
                    identity.getName(),
                    capacity.getSlots(),
                    String.join(",", capacity.getLabelsList()));
        }
        joined = true;
        silent = false;
    }

    /// Records what the agent says of one attempt. Its end waits until its log is whole.
    private void report(AttemptState state) throws InterruptedException {
        AttemptId attempt = Grants.attempt(state.getToken());
        boolean ended = state.hasResult();
        orders.reported(attempt, state.getToken());
        if (!state.getToken().getFarmId().equals(engine.farmId())) {
            return;
        }
        var result = ended ? pending.resultOf(attempt, state) : null;
        var command =
                new Command.ReportAttempt(
                        identity.getAgentId(),
                        attempt,
                        state.getToken().getEpoch(),
                        Reports.report(state, result));
        try {
            Command.Reported reported = engine.ask(command);
            if (!ended || result != null) {
                orders.durable(attempt, reported.revision());
            }
        } catch (SlipwayException problem) {
            if (problem.code() != ErrorCode.STALE_ATTEMPT) {
                throw problem;
            }
            // What the agent must do with it follows from the farm's state: forget or abandon.
            pending.drop(attempt);
            LOG.info("Refused a report. attempt={} why={}", attempt, problem.getMessage());
        }
    }

    private void recheckEnds() throws InterruptedException {
        guarded(() -> recordEnds(pending.ready()));
    }

    private void recordEnds(List<AttemptState> ended) throws InterruptedException {
        for (AttemptState state : ended) {
            report(state);
        }
        if (!ended.isEmpty()) {
            tellChanges();
        }
    }

    private void answerWhole(ExchangeRequest request) throws InterruptedException {
        var response = response(request.getSequence()).setFull(true).setPace(sessions.pace());
        send(response, desired(), true);
    }

    /// An attempt that the agent had begun and does not name any more, or that was given to its
    /// machine before a reboot, will never end by itself.
    ///
    /// Decided only when the agent has gone on after the answer to its greeting: the greeting of a
    /// connection that it has given up may arrive after that of the next one, and does not know
    /// what was begun in between.
    ///
    /// @return whether any was lost
    private boolean loseWhatIsGone() throws InterruptedException {
        if (greetingIsProven) {
            return false;
        }
        greetingIsProven = true;
        boolean any = false;
        for (var entry : desired().orders().entrySet()) {
            Desired.Order order = entry.getValue();
            boolean rebooted = !order.bootId().equals(identity.getBootId());
            if (orders.isHeld(entry.getKey())
                    || !(order.started() || rebooted)
                    || order.action() == Action.ACTION_ABANDON) {
                continue;
            }
            String detail =
                    rebooted
                            ? "agent %s was restarted with its machine".formatted(name())
                            : "agent %s no longer has it: its work directory has changed"
                                    .formatted(name());
            engine.ask(new Command.LoseAttempt(identity.getAgentId(), entry.getKey(), detail));
            any = true;
        }
        return any;
    }

    private Desired desired() throws InterruptedException {
        String agentId = identity.getAgentId();
        return engine.read(view -> Desired.of(view.farm(), agentId));
    }

    private void tellChanges() throws InterruptedException {
        if (!joined || silent) {
            return;
        }
        send(response(0), desired(), false);
    }

    /// Sends the orders: all of them, or those that differ from what the agent was told.
    private void send(ExchangeResponse.Builder response, Desired desired, boolean whole) {
        OrderBook.News news = orders.news(desired, whole);
        response.addAllAttempts(news.orders()).setDrain(desired.drain());
        boolean drainChanged = drainTold != desired.drain();
        drainTold = desired.drain();
        boolean acknowledges = response.getAcknowledgedSequence() > 0;
        if (whole || acknowledges || drainChanged || !news.orders().isEmpty()) {
            sendUnlessDeposed(response);
        }
        news.forgotten().forEach(pending::drop);
    }

    private ExchangeResponse.Builder response(long sequence) {
        return ExchangeResponse.newBuilder()
                .setAcknowledgedSequence(sequence)
                .setFarmId(engine.farmId())
                .setEpoch(engine.epoch());
    }

    private void sendUnlessDeposed(ExchangeResponse.Builder response) {
        requireAuthority();
        link.send(response.setDrain(drainTold).build());
    }

    private void leave() throws InterruptedException {
        over = true;
        sessions.over(number);
        pending.close();
        if (sessions.left(identity.getAgentId(), this) && joined) {
            LOG.info("An agent left. agent={}", name());
            tellGone();
        }
        joined = false;
    }

    /// An engine that has ended knows no agents any more.
    private void tellGone() throws InterruptedException {
        try {
            engine.ask(new Command.AgentGone(identity.getAgentId(), connection));
        } catch (SlipwayException ended) {
            if (ended.code() != ErrorCode.NOT_LEADER) {
                throw ended;
            }
        }
    }

    private String name() {
        return identity.getName();
    }
}
