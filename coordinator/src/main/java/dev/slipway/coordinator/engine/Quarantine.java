package dev.slipway.coordinator.engine;

import dev.slipway.id.JobId;
import dev.slipway.time.Timers;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/// Agents that keep failing, or keep coming and going, get no jobs for a while: one bad machine
/// with free slots would else take every job that waits and lose it.
///
/// ```
///            3 failures, or 6 connections, within 10 minutes
///  TRUSTED ──────────────────────────────────────────────────────▶ QUARANTINED
///     ▲   1 min, doubled each time up to 15 min; or `slipway resume`   │
///     └────────────────────────────────────────────────────────────────┘
/// ```
///
/// A job counts once however often it failed there: one that fails everywhere must not put away one
/// agent after the other. What is lost in one turn is one failure: an agent that was killed with
/// four jobs failed once. A job that ran to its own end, an hour without trouble, or a resume begin
/// the doubling anew. Connections put at most half of the connected agents away: when more of them
/// flap, it is the network.
///
/// Not journaled: like connections it is a judgement of the present, made of what this process has
/// seen, and a restart may well be what the agent needed. For the engine's thread.
final class Quarantine implements AutoCloseable {
    static final int FAILURES = 3;
    static final int CONNECTIONS = 6;
    static final Duration WINDOW = Duration.ofMinutes(10);
    static final Duration FIRST = Duration.ofMinutes(1);
    static final Duration LONGEST = Duration.ofMinutes(15);
    private static final Duration FORGIVEN = Duration.ofHours(1);
    private static final int REMEMBERED = 10_000;

    private final Timers timers;
    private final Consumer<String> wake;
    private final LinkedHashMap<String, Conduct> conducts = new LinkedHashMap<>();
    private final Map<String, Ban> bans = new HashMap<>();

    /// @param until for people
    private record Ban(
            String why, Duration end, Instant until, boolean flapping, Timers.Timer timer) {}

    /// @param turn position of the turn in which it was told
    private record Failure(Duration at, long turn) {}

    /// What an agent has done lately.
    private static final class Conduct {
        /// Job → when it last failed there; latest last.
        final LinkedHashMap<JobId, Failure> failures = new LinkedHashMap<>();

        final ArrayDeque<Duration> connections = new ArrayDeque<>();
        String lastFailure = "";
        int bans;
        Duration lastTrouble = Duration.ZERO;

        void forgetBefore(Duration oldest) {
            failures.values().removeIf(failure -> failure.at().compareTo(oldest) < 0);
            while (!connections.isEmpty() && connections.getFirst().compareTo(oldest) < 0) {
                connections.removeFirst();
            }
        }
    }

    /// @param wake is called with an agent's id, on the timers' thread, when a quarantine may be
    ///   over
    Quarantine(Timers timers, Consumer<String> wake) {
        this.timers = timers;
        this.wake = wake;
    }

    /// A job ended at the agent and is not to blame.
    ///
    /// @return whether a quarantine began
    boolean failed(String agentId, JobId job, String detail, Turn turn) {
        Conduct conduct = conduct(agentId, turn);
        conduct.failures.remove(job);
        conduct.failures.put(job, new Failure(turn.uptime(), turn.position()));
        conduct.lastFailure = detail;
        long failures = conduct.failures.values().stream().map(Failure::turn).distinct().count();
        if (failures < FAILURES || bans.containsKey(agentId)) {
            return false;
        }
        String why =
                "%d jobs failed on it within %d minutes without being to blame, the last one: %s"
                        .formatted(
                                conduct.failures.size(), WINDOW.toMinutes(), conduct.lastFailure);
        ban(agentId, conduct, why, false, turn);
        return true;
    }

    /// A job ran to its own end at the agent.
    void succeeded(String agentId) {
        Conduct conduct = conducts.get(agentId);
        if (conduct != null) {
            conduct.failures.clear();
            conduct.bans = 0;
        }
    }

    /// The agent has connected, or was heard again after a silence.
    ///
    /// @param connected how many agents are connected
    /// @return whether a quarantine began
    boolean connected(String agentId, int connected, Turn turn) {
        Conduct conduct = conduct(agentId, turn);
        conduct.connections.addLast(turn.uptime());
        long flapping = bans.values().stream().filter(Ban::flapping).count();
        if (conduct.connections.size() < CONNECTIONS
                || bans.containsKey(agentId)
                || (flapping + 1) * 2 > connected) {
            return false;
        }
        String why =
                "it connected %d times within %d minutes"
                        .formatted(conduct.connections.size(), WINDOW.toMinutes());
        ban(agentId, conduct, why, true, turn);
        return true;
    }

    /// Why an agent gets no jobs; empty when it is not in quarantine.
    Optional<String> reason(String agentId) {
        return Optional.ofNullable(bans.get(agentId))
                .map(ban -> "in quarantine until %s: %s".formatted(ban.until, ban.why));
    }

    /// The time may be up.
    ///
    /// @return whether the quarantine is over
    boolean ended(String agentId, Turn turn) {
        Ban ban = bans.get(agentId);
        if (ban == null || ban.end.compareTo(turn.uptime()) > 0) {
            return false;
        }
        bans.remove(agentId);
        return true;
    }

    /// Somebody trusts the agent again.
    void lift(String agentId) {
        Ban ban = bans.remove(agentId);
        if (ban != null) {
            ban.timer.cancel();
        }
        conducts.remove(agentId);
    }

    @Override
    public void close() {
        bans.values().forEach(ban -> ban.timer.cancel());
        bans.clear();
    }

    private Conduct conduct(String agentId, Turn turn) {
        Duration now = turn.uptime();
        // The one that had trouble last is last.
        Conduct conduct = conducts.remove(agentId);
        if (conduct == null) {
            conduct = new Conduct();
        }
        conducts.put(agentId, conduct);
        if (now.minus(conduct.lastTrouble).compareTo(FORGIVEN) > 0) {
            conduct.bans = 0;
        }
        conduct.forgetBefore(now.minus(WINDOW));
        conduct.lastTrouble = now;
        if (conducts.size() > REMEMBERED) {
            Iterator<String> oldest = conducts.keySet().iterator();
            oldest.next();
            oldest.remove();
        }
        return conduct;
    }

    private void ban(String agentId, Conduct conduct, String why, boolean flapping, Turn turn) {
        Duration span = FIRST.multipliedBy(1L << Math.min(conduct.bans, 10));
        span = span.compareTo(LONGEST) > 0 ? LONGEST : span;
        conduct.bans++;
        conduct.failures.clear();
        conduct.connections.clear();
        Timers.Timer timer = timers.after(span, () -> wake.accept(agentId));
        Instant until = turn.now().plus(span);
        bans.put(agentId, new Ban(why, turn.uptime().plus(span), until, flapping, timer));
    }
}
