package dev.slipway.simulation;

import dev.slipway.testkit.SimulatedWorld;
import dev.slipway.testkit.SimulatedWorld.Node;

import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/// The model of ZooKeeper: sessions that end when they are not heard, and one leader, the oldest
/// session. It lives on a host of its own, `zookeeper`, which does not fail.
final class SimulatedElection {
    static final String HOST = "zookeeper";
    static final Duration SESSION = Duration.ofSeconds(4);
    private static final Duration TICK = Duration.ofMillis(200);

    private final SimulatedWorld world;
    private final Node node;

    /// Session to when it was last heard; the oldest first.
    private final Map<Long, Duration> sessions = new LinkedHashMap<>();

    private final Set<Long> ended = new HashSet<>();
    private long latest;

    /// What a member hears.
    enum Word {
        FOLLOW,
        LEAD,
        EXPIRED
    }

    SimulatedElection(SimulatedWorld world) {
        this.world = world;
        this.node = world.node(HOST);
        tick();
    }

    long newSession() {
        return ++latest;
    }

    /// A member says that its session lives; the first time begins it.
    Word ping(long session) {
        if (ended.contains(session)) {
            return Word.EXPIRED;
        }
        sessions.put(session, world.clock().uptime());
        return sessions.keySet().iterator().next() == session ? Word.LEAD : Word.FOLLOW;
    }

    private void tick() {
        Duration now = world.clock().uptime();
        sessions.entrySet()
                .removeIf(
                        session -> {
                            boolean over = now.minus(session.getValue()).compareTo(SESSION) > 0;
                            if (over) {
                                ended.add(session.getKey());
                            }
                            return over;
                        });
        node.after(TICK, this::tick);
    }
}
