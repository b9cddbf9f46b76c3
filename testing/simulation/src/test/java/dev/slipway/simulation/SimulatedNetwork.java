package dev.slipway.simulation;

import dev.slipway.error.ErrorCode;
import dev.slipway.error.SlipwayException;
import dev.slipway.testkit.SimulatedWorld;
import dev.slipway.testkit.SimulatedWorld.Node;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.Supplier;

/// Connects hosts by name. Messages of one stream keep their order and take a random time each, so
/// those of different streams overtake each other; a direction between two hosts can be slow or
/// cut, which holds its messages back as TCP does; messages can be doubled; connections can be
/// reset, which loses what is under way.
final class SimulatedNetwork {
    private static final int MAX_DELAY_MILLIS = 5;
    private static final int DOUBLED_OF = 50;

    private final SimulatedWorld world;
    private final Node wires;
    private final Audit audit;
    private final Variant variant;
    private final Map<String, Supplier<@Nullable SimulatedCoordinator>> members = new TreeMap<>();
    private final Set<Way> cut = new TreeSet<>();
    private final Map<Way, Integer> slow = new TreeMap<>();
    private final Set<Lane> holding = new LinkedHashSet<>();
    private final List<SimulatedWire> open = new ArrayList<>();
    private boolean doubling;

    /// One direction between two hosts.
    private record Way(String from, String to) implements Comparable<Way> {
        @Override
        public int compareTo(Way other) {
            int byFrom = from.compareTo(other.from);
            return byFrom != 0 ? byFrom : to.compareTo(other.to);
        }
    }

    SimulatedNetwork(SimulatedWorld world, Audit audit, Variant variant) {
        this.world = world;
        this.wires = world.node("network");
        this.audit = audit;
        this.variant = variant;
    }

    SimulatedWorld world() {
        return world;
    }

    Audit audit() {
        return audit;
    }

    Variant variant() {
        return variant;
    }

    /// A coordinator's host.
    ///
    /// @param process the one that listens there, or null
    void addMember(String host, Supplier<@Nullable SimulatedCoordinator> process) {
        members.put(host, process);
    }

    /// The process that listens on a host.
    @Nullable SimulatedCoordinator listener(String host) {
        Supplier<@Nullable SimulatedCoordinator> process = members.get(host);
        if (process == null) {
            throw new AssertionError("there is no host " + host + " among " + members.keySet());
        }
        return process.get();
    }

    // -- Faults

    /// Holds everything back that goes in this direction.
    void cut(String from, String to) {
        cut.add(new Way(from, to));
    }

    void slow(String from, String to, int maxMillis) {
        slow.put(new Way(from, to), maxMillis);
    }

    /// Doubles messages now and then.
    void doubleSome(boolean on) {
        doubling = on;
    }

    /// Lets everything through again in this direction.
    void mend(String from, String to) {
        var way = new Way(from, to);
        cut.remove(way);
        slow.remove(way);
        List<Lane> held = holding.stream().filter(lane -> lane.way.equals(way)).toList();
        holding.removeAll(held);
        held.forEach(Lane::release);
    }

    /// Nothing is cut, slow or doubled any more; what was held back arrives.
    void heal() {
        cut.clear();
        slow.clear();
        doubling = false;
        List<Lane> held = List.copyOf(holding);
        holding.clear();
        held.forEach(Lane::release);
    }

    /// Resets some open connections.
    ///
    /// @param each one of so many
    void resetOneOf(int each) {
        for (SimulatedWire wire : List.copyOf(open)) {
            if (world.random().nextInt(each) == 0) {
                wire.reset();
            }
        }
    }

    /// A process has ended: the kernel of its machine closes its connections.
    void died(Node process) {
        List.copyOf(open).forEach(wire -> wire.died(process));
    }

    // -- Connections

    void opened(SimulatedWire wire) {
        open.add(wire);
    }

    void closed(SimulatedWire wire) {
        open.remove(wire);
    }

    /// A stream in one direction.
    Lane lane(String from, String to) {
        return new Lane(new Way(from, to));
    }

    /// Messages in one direction of one stream: first in, first out.
    final class Lane {
        private final Way way;
        private final ArrayDeque<Runnable> held = new ArrayDeque<>();
        private Duration last = Duration.ZERO;

        private Lane(Way way) {
            this.way = way;
        }

        /// Sends a message that may be doubled.
        void send(Runnable message) {
            deliver(message);
            if (doubling && world.random().nextInt(DOUBLED_OF) == 0) {
                deliver(message);
            }
        }

        /// Sends a message; `message` is run when it arrives at the other host's kernel.
        void deliver(Runnable message) {
            if (cut.contains(way)) {
                held.add(message);
                holding.add(this);
            } else {
                dispatch(message);
            }
        }

        private void release() {
            while (!held.isEmpty()) {
                dispatch(held.remove());
            }
        }

        private void dispatch(Runnable message) {
            Duration now = world.clock().uptime();
            int most = MAX_DELAY_MILLIS + slow.getOrDefault(way, 0);
            Duration arrival = now.plusMillis(world.random().nextInt(most + 1));
            last = arrival.compareTo(last) > 0 ? arrival : last;
            wires.after(last.minus(now), message);
        }
    }

    // -- Calls

    /// What a call does at the coordinator, on a thread of it.
    @FunctionalInterface
    interface Call<T> {
        T on(SimulatedCoordinator member) throws InterruptedException;
    }

    /// Calls the coordinator on a host and waits for its answer.
    ///
    /// @param from the process that calls
    /// @param ways from its host to the coordinator's
    /// @param answer is completed by the answer; completing it earlier ends the call
    /// @throws SlipwayException the coordinator's, or FARM_UNREACHABLE, NOT_LEADER,
    ///   DEADLINE_EXCEEDED
    <T> T call(Node from, Route ways, Duration deadline, CompletableFuture<T> answer, Call<T> work)
            throws InterruptedException {
        Lane there = lane(ways.from(), ways.to());
        Lane back = lane(ways.to(), ways.from());
        there.send(
                () -> {
                    SimulatedCoordinator member = listener(ways.to());
                    if (member == null || !member.serves()) {
                        ErrorCode code =
                                member == null ? ErrorCode.FARM_UNREACHABLE : ErrorCode.NOT_LEADER;
                        back.deliver(
                                () ->
                                        from.after(
                                                Duration.ZERO,
                                                () -> fail(answer, code, ways.to())));
                        return;
                    }
                    member.node()
                            .after(
                                    Duration.ZERO,
                                    () ->
                                            member.node()
                                                    .threads()
                                                    .start(
                                                            "call",
                                                            () ->
                                                                    serve(
                                                                            member, work, from,
                                                                            back, answer)));
                });
        var timer =
                from.timers()
                        .after(
                                deadline,
                                () -> fail(answer, ErrorCode.DEADLINE_EXCEEDED, ways.to()));
        try {
            return answer.get();
        } catch (ExecutionException problem) {
            if (problem.getCause() instanceof SlipwayException known) {
                throw new SlipwayException(known.code(), "" + known.getMessage(), known);
            }
            throw new AssertionError("a call failed", problem);
        } finally {
            timer.cancel();
        }
    }

    /// @param from the caller's host
    /// @param to the coordinator's host
    record Route(String from, String to) {}

    private static <T> void serve(
            SimulatedCoordinator member,
            Call<T> work,
            Node from,
            Lane back,
            CompletableFuture<T> answer) {
        try {
            T result = work.on(member);
            back.deliver(() -> from.after(Duration.ZERO, () -> answer.complete(result)));
        } catch (SlipwayException refused) {
            back.deliver(
                    () -> from.after(Duration.ZERO, () -> answer.completeExceptionally(refused)));
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    private static void fail(CompletableFuture<?> answer, ErrorCode code, String host) {
        answer.completeExceptionally(new SlipwayException(code, "No answer from " + host + "."));
    }
}
