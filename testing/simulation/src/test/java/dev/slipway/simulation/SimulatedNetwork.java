package dev.slipway.simulation;

import dev.slipway.agent.session.CoordinatorLink;
import dev.slipway.agent.session.FarmCalls;
import dev.slipway.agent.v1.ExchangeRequest;
import dev.slipway.agent.v1.ExchangeResponse;
import dev.slipway.agent.v1.SendLogRequest;
import dev.slipway.agent.v1.SendLogResponse;
import dev.slipway.coordinator.sessions.AgentLink;
import dev.slipway.coordinator.sessions.LogIntake;
import dev.slipway.coordinator.sessions.LogLink;
import dev.slipway.coordinator.sessions.Session;
import dev.slipway.error.ErrorCode;
import dev.slipway.error.SlipwayException;
import dev.slipway.testkit.SimulatedWorld;
import dev.slipway.testkit.SimulatedWorld.Node;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/// Connections between simulated agents and the coordinator: messages take a random time, keep
/// their order per stream, and are lost when a connection is cut.
final class SimulatedNetwork {
    private static final int MAX_DELAY_MILLIS = 5;

    private final SimulatedWorld world;
    private final Node wires;
    private final Supplier<@Nullable SimulatedCoordinator> coordinator;
    private final List<Wire> open = new ArrayList<>();

    /// @param coordinator the one that is alive, or null
    SimulatedNetwork(SimulatedWorld world, Supplier<@Nullable SimulatedCoordinator> coordinator) {
        this.world = world;
        this.wires = world.node("network");
        this.coordinator = coordinator;
    }

    /// The way to the coordinator for one agent's process.
    CoordinatorLink linkOf(Node agent) {
        return (address, receiver) -> {
            var wire = new Wire(agent, receiver);
            open.add(wire);
            wires.timers().after(delay(), wire::establish);
            return wire;
        };
    }

    /// Cuts every connection; what is under way is lost.
    void cutAll() {
        world.note("network cut");
        List.copyOf(open).forEach(wire -> wire.cut("the network was cut"));
    }

    /// Ends the connections of agents that are dead, as their kernels do.
    void cutDead() {
        List.copyOf(open).stream()
                .filter(wire -> wire.agent.killed())
                .forEach(wire -> wire.cut("the agent is dead"));
    }

    private Duration delay() {
        return Duration.ofMillis(world.random().nextInt(MAX_DELAY_MILLIS + 1));
    }

    private static SlipwayException unreachable(String why) {
        return new SlipwayException(ErrorCode.FARM_UNREACHABLE, "No connection: " + why);
    }

    /// Messages in one direction of one stream: first in, first out.
    private final class Lane {
        private Duration last = Duration.ZERO;

        void deliver(Runnable message) {
            Duration now = world.clock().uptime();
            Duration arrival = now.plus(delay());
            last = arrival.compareTo(last) > 0 ? arrival : last;
            wires.timers().after(last.minus(now), message);
        }
    }

    /// One connection with both of its streams.
    private final class Wire implements CoordinatorLink.Connection, AgentLink, LogLink {
        private final Node agent;
        private final CoordinatorLink.Receiver receiver;
        private final Lane statesIn = new Lane();
        private final Lane statesOut = new Lane();
        private final Lane logIn = new Lane();
        private final Lane logOut = new Lane();
        private @Nullable SimulatedCoordinator peer;
        private @Nullable Session session;
        private @Nullable LogIntake intake;
        private boolean down;

        Wire(Node agent, CoordinatorLink.Receiver receiver) {
            this.agent = agent;
            this.receiver = receiver;
        }

        void establish() {
            SimulatedCoordinator alive = coordinator.get();
            if (alive == null) {
                cut("nobody listens");
            } else if (!down) {
                peer = alive;
                session = alive.sessions().open(this);
                intake = alive.sessions().openLog(this);
            }
        }

        void cut(String why) {
            if (down) {
                return;
            }
            down = true;
            open.remove(this);
            if (session != null && peer != null && !peer.node().killed()) {
                session.closed();
            }
            if (!agent.killed()) {
                receiver.broken(unreachable(why));
            }
        }

        @Override
        public void send(ExchangeRequest request) {
            statesIn.deliver(
                    () -> {
                        if (reaches() && session != null) {
                            session.received(request);
                        }
                    });
        }

        @Override
        public void send(SendLogRequest request) {
            logIn.deliver(
                    () -> {
                        if (reaches() && intake != null) {
                            intake.received(request);
                        }
                    });
        }

        @Override
        public void send(ExchangeResponse response) {
            statesOut.deliver(
                    () -> {
                        if (!down && !agent.killed()) {
                            receiver.received(response);
                        }
                    });
        }

        @Override
        public void send(SendLogResponse response) {
            logOut.deliver(
                    () -> {
                        if (!down && !agent.killed()) {
                            receiver.received(response);
                        }
                    });
        }

        private boolean reaches() {
            return !down && peer != null && !peer.node().killed();
        }

        @Override
        public void request(int chunks) {
            // Simulated memory is not short: everything may be under way at once.
        }

        @Override
        public void end(SlipwayException why) {
            statesOut.deliver(() -> cut(why.getMessage()));
        }

        @Override
        public void complete() {
            statesOut.deliver(() -> cut("the coordinator ended the connection"));
        }

        @Override
        public FarmCalls calls() {
            return new SimulatedCalls(
                    () -> {
                        if (!reaches() || peer == null) {
                            throw unreachable("the coordinator is gone");
                        }
                        return peer;
                    });
        }

        @Override
        public void close() {
            wires.timers().after(delay(), () -> cut("the agent ended the connection"));
        }
    }
}
