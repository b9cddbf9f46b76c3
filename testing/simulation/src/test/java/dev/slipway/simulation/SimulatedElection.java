package dev.slipway.simulation;

import dev.slipway.coordinator.engine.Membership.Member;
import dev.slipway.coordinator.engine.Membership.Progress;
import dev.slipway.coordinator.engine.Membership.Self;
import dev.slipway.testkit.SimulatedWorld;
import dev.slipway.testkit.SimulatedWorld.Node;

import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/// The model of ZooKeeper: sessions that end when they are not heard, members that are registered
/// as long as their sessions live, and a queue of candidates, of which the first is elected. It
/// lives on a host of its own, which does not fail; {@link SimulatedMembership} is its client.
final class SimulatedElection {
    static final String HOST = "zookeeper";
    static final Duration SESSION = Duration.ofSeconds(4);
    private static final Duration TICK = Duration.ofMillis(200);

    private final SimulatedWorld world;
    private final Node node;

    /// In the order in which they stand for election.
    private final Map<Long, Session> sessions = new LinkedHashMap<>();

    private final Set<Long> ended = new HashSet<>();
    private long latest;

    private record Session(Ping last, Duration heard) {}

    /// What a member says of itself again and again.
    ///
    /// @param candidacy rises when it gives an election up, and stands again behind all others
    record Ping(long session, long candidacy, Self self, Progress progress) {}

    /// @param expired the session has ended; nothing else counts then
    /// @param elected whether the member is the first in the queue
    /// @param members all that are registered, by id
    record Answer(boolean expired, boolean elected, List<Member> members) {}

    SimulatedElection(SimulatedWorld world) {
        this.world = world;
        this.node = world.node(HOST);
        tick();
    }

    long newSession() {
        return ++latest;
    }

    /// A member says that its session lives; the first time begins it.
    Answer ping(Ping ping) {
        if (ended.contains(ping.session())) {
            return new Answer(true, false, List.of());
        }
        Session before = sessions.get(ping.session());
        if (before != null && before.last().candidacy() < ping.candidacy()) {
            sessions.remove(ping.session());
        }
        sessions.put(ping.session(), new Session(ping, world.clock().uptime()));
        boolean first = sessions.keySet().iterator().next() == ping.session();
        return new Answer(false, first, members());
    }

    /// A member ends its session.
    void leave(long session) {
        sessions.remove(session);
        ended.add(session);
    }

    private List<Member> members() {
        var byId = new TreeMap<String, Member>();
        for (Session session : new TreeMap<>(sessions).values()) {
            Self self = session.last().self();
            byId.put(self.id(), new Member(self, session.last().progress()));
        }
        return List.copyOf(byId.values());
    }

    private void tick() {
        Duration now = world.clock().uptime();
        List.copyOf(sessions.entrySet()).stream()
                .filter(one -> now.minus(one.getValue().heard()).compareTo(SESSION) > 0)
                .forEach(one -> leave(one.getKey()));
        node.after(TICK, this::tick);
    }
}
