package dev.slipway.simulation;

import dev.slipway.agent.session.CoordinatorLink;
import dev.slipway.agent.session.FarmCalls;
import dev.slipway.agent.v1.ExchangeRequest;
import dev.slipway.agent.v1.ExchangeResponse;
import dev.slipway.agent.v1.SendLogRequest;
import dev.slipway.agent.v1.SendLogResponse;
import dev.slipway.coordinator.api.Leadership.Leader;
import dev.slipway.coordinator.sessions.AgentLink;
import dev.slipway.coordinator.sessions.LogIntake;
import dev.slipway.coordinator.sessions.LogLink;
import dev.slipway.coordinator.sessions.Session;
import dev.slipway.error.ErrorCode;
import dev.slipway.error.SlipwayException;
import dev.slipway.id.AttemptId;
import dev.slipway.simulation.SimulatedNetwork.Lane;
import dev.slipway.testkit.SimulatedWorld.Node;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;

/// One connection of an agent to a coordinator, with its two streams. Each side learns of its end
/// by itself: what one has closed may still bring old messages to the other.
final class SimulatedWire implements CoordinatorLink.Connection {
    private final SimulatedNetwork network;
    private final Agent agent;
    private final String host;
    private final CoordinatorLink.Receiver receiver;
    private final Lane statesIn;
    private final Lane statesOut;
    private final Lane logIn;
    private final Lane logOut;
    private final NavigableMap<Long, CompletableFuture<?>> calls = new TreeMap<>();
    private long lastCall;
    private @Nullable SimulatedCoordinator peer;
    private @Nullable Session session;
    private @Nullable LogIntake intake;
    private long epoch;
    private boolean agentIsThrough;
    private boolean sessionIsOver;
    private boolean logIsOver;
    private boolean reset;

    /// The agent's end.
    ///
    /// @param process the agent's process
    /// @param host its machine
    /// @param identity its work directory: what remembers the highest epoch
    record Agent(Node process, String host, String identity) {}

    SimulatedWire(
            SimulatedNetwork network, Agent agent, String host, CoordinatorLink.Receiver receiver) {
        this.network = network;
        this.agent = agent;
        this.host = host;
        this.receiver = receiver;
        statesIn = network.lane(agent.host(), host);
        statesOut = network.lane(host, agent.host());
        logIn = network.lane(agent.host(), host);
        logOut = network.lane(host, agent.host());
        network.opened(this);
        statesIn.deliver(this::beginSession);
        logIn.deliver(this::beginLog);
    }

    private void beginSession() {
        SimulatedCoordinator member = findPeer();
        if (member == null) {
            refuse(statesOut, unreachable("nobody listens"));
            return;
        }
        toPeer(
                () ->
                        member.leader()
                                .ifPresentOrElse(
                                        lead -> session = lead.sessions().open(new States()),
                                        () -> refuse(statesOut, standby())));
    }

    private void beginLog() {
        SimulatedCoordinator member = findPeer();
        if (member == null) {
            refuse(logOut, unreachable("nobody listens"));
            return;
        }
        toPeer(
                () ->
                        member.leader()
                                .ifPresentOrElse(
                                        lead -> intake = openLog(lead),
                                        () -> refuse(logOut, standby())));
    }

    private LogIntake openLog(Leader leader) {
        return leader.sessions().openLog(new Logs(leader.engine().epoch()));
    }

    /// Each stream is refused by itself: a coordinator may begin to serve between the two.
    private void refuse(Lane back, SlipwayException why) {
        back.deliver(() -> toAgent(() -> broken(why)));
    }

    private SlipwayException standby() {
        return new SlipwayException(ErrorCode.NOT_LEADER, host + " is a standby");
    }

    private @Nullable SimulatedCoordinator findPeer() {
        if (peer == null && !reset) {
            peer = network.listener(host);
        }
        return peer;
    }

    // -- The agent's side

    @Override
    public void send(ExchangeRequest request) {
        if (agentIsThrough) {
            return;
        }
        if (!request.getFull()) {
            checkEpoch();
        }
        ExchangeRequest told = network.variant().told(request);
        statesIn.send(
                () ->
                        toPeer(
                                () -> {
                                    if (session != null && !sessionIsOver) {
                                        session.received(told);
                                    }
                                }));
    }

    @Override
    public void send(SendLogRequest request) {
        if (agentIsThrough) {
            return;
        }
        checkEpoch();
        logIn.send(
                () ->
                        toPeer(
                                () -> {
                                    if (intake != null && !logIsOver) {
                                        intake.received(request);
                                    }
                                }));
    }

    /// Who goes on talking has accepted the leader, and has its epoch on disk.
    private void checkEpoch() {
        if (epoch > 0) {
            network.audit().guard(witness -> witness.followed(agent.identity(), epoch));
        }
    }

    @Override
    public FarmCalls calls() {
        return new SimulatedCalls(
                work -> {
                    if (agentIsThrough) {
                        throw unreachable("the connection is closed");
                    }
                    var answer = new CompletableFuture<SimulatedCalls.Answer>();
                    long number = ++lastCall;
                    calls.put(number, answer);
                    try {
                        return network.call(
                                agent.process(),
                                new SimulatedNetwork.Route(agent.host(), host),
                                Duration.ofSeconds(60),
                                answer,
                                work);
                    } finally {
                        calls.remove(number);
                    }
                });
    }

    @Override
    public void close() {
        endAgentSide();
        statesIn.deliver(() -> toPeer(this::endSession));
        logIn.deliver(() -> toPeer(this::endLog));
    }

    private void endAgentSide() {
        agentIsThrough = true;
        network.closed(this);
        List.copyOf(calls.values())
                .forEach(call -> call.completeExceptionally(unreachable("closed")));
    }

    private void toAgent(Runnable message) {
        if (!reset) {
            agent.process()
                    .after(
                            Duration.ZERO,
                            () -> {
                                if (!agentIsThrough) {
                                    message.run();
                                }
                            });
        }
    }

    private void broken(SlipwayException why) {
        receiver.broken(why);
    }

    // -- The coordinator's side

    private void toPeer(Runnable message) {
        SimulatedCoordinator member = peer;
        if (member != null && !reset) {
            member.node().after(Duration.ZERO, message);
        }
    }

    private void endSession() {
        if (session != null && !sessionIsOver) {
            sessionIsOver = true;
            session.closed();
        }
    }

    private void endLog() {
        if (intake != null && !logIsOver) {
            logIsOver = true;
            intake.closed();
        }
    }

    // -- Faults

    /// What is under way is lost, and both sides hear of it.
    void reset() {
        reset = true;
        network.closed(this);
        SimulatedCoordinator member = peer;
        if (member != null) {
            member.node().after(Duration.ZERO, this::endSession);
            member.node().after(Duration.ZERO, this::endLog);
        }
        agent.process()
                .after(
                        Duration.ZERO,
                        () -> {
                            if (!agentIsThrough) {
                                broken(unreachable("connection reset"));
                            }
                        });
    }

    /// The kernel of a dead process closes its end.
    void died(Node process) {
        if (agent.process() == process) {
            close();
        } else if (peer != null && peer.node() == process) {
            statesOut.deliver(() -> toAgent(() -> broken(unreachable("the coordinator died"))));
        }
    }

    private static SlipwayException unreachable(String why) {
        return new SlipwayException(ErrorCode.FARM_UNREACHABLE, "No connection: " + why);
    }

    /// The coordinator's way back on the stream of states.
    private final class States implements AgentLink {
        @Override
        public void send(ExchangeResponse response) {
            if (sessionIsOver) {
                return;
            }
            if (response.getAcknowledgedSequence() > 0 && network.variant().renewalsAreWatched()) {
                network.audit().guard(witness -> witness.renewed(response.getEpoch()));
            }
            statesOut.send(
                    () ->
                            toAgent(
                                    () -> {
                                        epoch = response.getEpoch();
                                        receiver.received(
                                                network.variant()
                                                        .heard(
                                                                response,
                                                                network.audit().highestEpoch()));
                                    }));
        }

        @Override
        public void end(SlipwayException why) {
            sessionIsOver = true;
            statesOut.deliver(() -> toAgent(() -> broken(why)));
        }

        @Override
        public void complete() {
            sessionIsOver = true;
            statesOut.deliver(() -> toAgent(() -> broken(unreachable("the coordinator ended it"))));
        }
    }

    /// The coordinator's way back on the stream of logs.
    private final class Logs implements LogLink {
        private final long ofEpoch;

        Logs(long ofEpoch) {
            this.ofEpoch = ofEpoch;
        }

        @Override
        public void send(SendLogResponse response) {
            if (logIsOver) {
                return;
            }
            if (!response.getStale()) {
                network.audit()
                        .guard(
                                witness ->
                                        witness.logAcknowledged(
                                                AttemptId.parse(response.getAttempt()),
                                                response.getStep(),
                                                ofEpoch,
                                                response.getNextIndex()));
            }
            logOut.send(() -> toAgent(() -> receiver.received(response)));
        }

        @Override
        public void request(int chunks) {
            // Simulated memory is not short: everything may be under way at once.
        }

        @Override
        public void end(SlipwayException why) {
            logIsOver = true;
            logOut.deliver(() -> toAgent(() -> broken(why)));
        }
    }
}
