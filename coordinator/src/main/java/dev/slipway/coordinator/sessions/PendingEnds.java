package dev.slipway.coordinator.sessions;

import dev.slipway.agent.v1.AttemptState;
import dev.slipway.coordinator.logs.LogStore;
import dev.slipway.coordinator.logs.StepLog;
import dev.slipway.coordinator.model.AttemptResult;
import dev.slipway.id.AttemptId;
import dev.slipway.time.Clock;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;

/// Ends of attempts that wait for their logs: an end is recorded only when all output up to it is
/// durable, or the log is closed as incomplete with a cause. Belongs to a session's actor.
final class PendingEnds {
    /// So long output may stop while an end waits for it; then what is there is all that comes: the
    /// agent's disk lost the rest, or it said more than it printed.
    static final Duration PATIENCE = Duration.ofMinutes(10);

    /// An agent that sends again after a restore begins at once.
    static final Duration PATIENCE_AFTER_RESTORE = Duration.ofSeconds(30);

    private final LogStore logs;
    private final RestoredLogs restored;
    private final Clock clock;
    private final Runnable recheck;
    private final AtomicBoolean recheckWaits = new AtomicBoolean();
    private final Map<AttemptId, Waiting> waiting = new TreeMap<>();
    private final Map<Long, LogStore.Subscription> subscriptions = new HashMap<>();

    /// @param since uptime when output of its run came last
    private record Waiting(AttemptState state, Duration since) {}

    /// @param recheck called from any thread when output has come: should call {@link #ready} soon
    PendingEnds(LogStore logs, RestoredLogs restored, Clock clock, Runnable recheck) {
        this.logs = logs;
        this.restored = restored;
        this.clock = clock;
        this.recheck = recheck;
    }

    /// The result to record, or null while output is missing; {@link #ready} says when to ask
    /// again.
    @Nullable AttemptResult resultOf(AttemptId attempt, AttemptState state) {
        String lost = state.getResult().getLogIncompleteCause();
        if (!lost.isEmpty()) {
            logs.closeIncomplete(attempt, lost);
            drop(attempt);
            return Reports.result(state, lost, logs.position());
        }
        Waiting before = waiting.get(attempt);
        waiting.put(attempt, new Waiting(state, before == null ? clock.uptime() : before.since()));
        subscriptions.computeIfAbsent(attempt.run(), run -> logs.follow(run, this::wake));
        if (!logs.completeTo(attempt, ends(state))) {
            return null;
        }
        drop(attempt);
        return Reports.result(state, holes(attempt), logs.position());
    }

    private void wake() {
        if (recheckWaits.compareAndSet(false, true)) {
            recheck.run();
        }
    }

    /// The states whose logs have become whole.
    List<AttemptState> ready() {
        recheckWaits.set(false);
        var ready = new ArrayList<AttemptState>();
        Duration now = clock.uptime();
        waiting.replaceAll(
                (attempt, end) -> {
                    if (logs.completeTo(attempt, ends(end.state()))) {
                        ready.add(end.state());
                    }
                    return new Waiting(end.state(), now);
                });
        return ready;
    }

    /// The states whose logs will not become whole, with the cause.
    List<AttemptState> overdue() {
        var overdue = new ArrayList<AttemptState>();
        Duration now = clock.uptime();
        waiting.forEach(
                (attempt, end) -> {
                    boolean ofBackup = restored.concerns(end.state().getToken());
                    Duration patience = ofBackup ? PATIENCE_AFTER_RESTORE : PATIENCE;
                    if (now.minus(end.since()).compareTo(patience) >= 0) {
                        overdue.add(
                                incomplete(
                                        end.state(),
                                        ofBackup
                                                ? RestoredLogs.CAUSE
                                                : "the agent said that there is more, but sent"
                                                        + " nothing for %d minutes"
                                                                .formatted(PATIENCE.toMinutes())));
                    }
                });
        return overdue;
    }

    private static AttemptState incomplete(AttemptState state, String cause) {
        return state.toBuilder()
                .setResult(state.getResult().toBuilder().setLogIncompleteCause(cause))
                .build();
    }

    private static Map<Integer, Long> ends(AttemptState state) {
        var ends = new TreeMap<Integer, Long>();
        state.getStepsList().forEach(step -> ends.put(step.getNumber(), step.getLogEnd()));
        return ends;
    }

    /// Why output within the log is missing (gap markers); empty when none is.
    private String holes(AttemptId attempt) {
        return logs.steps(attempt.run()).entrySet().stream()
                .filter(step -> step.getKey().attempt().equals(attempt))
                .map(Map.Entry::getValue)
                .map(StepLog::incompleteCause)
                .filter(cause -> !cause.isEmpty())
                .findFirst()
                .orElse("");
    }

    void drop(AttemptId attempt) {
        waiting.remove(attempt);
        boolean runWaits =
                waiting.keySet().stream().anyMatch(other -> other.run() == attempt.run());
        if (!runWaits) {
            var subscription = subscriptions.remove(attempt.run());
            if (subscription != null) {
                subscription.close();
            }
        }
    }

    void clear() {
        waiting.clear();
        subscriptions.values().forEach(LogStore.Subscription::close);
        subscriptions.clear();
    }

    void close() {
        clear();
    }
}
