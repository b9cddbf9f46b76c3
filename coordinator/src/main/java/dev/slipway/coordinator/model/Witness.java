package dev.slipway.coordinator.model;

import dev.slipway.id.AttemptId;
import dev.slipway.id.JobId;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.LongPredicate;

/// Checks the promises of the farm ({@link Invariant}) that can be seen only from outside of it: by
/// clients, by agents, and by the processes themselves. Simulations tell it what happens in their
/// world; tests of real processes what their programs wrote down. For one thread.
///
/// Every line that a process prints must begin with the process's name and a space.
public final class Witness {
    private final Map<String, Long> runOfToken = new TreeMap<>();
    private final Set<Long> acknowledgedRuns = new TreeSet<>();
    private final Set<Long> cancelledRuns = new TreeSet<>();
    private final Map<Step, Acknowledged> logs = new TreeMap<>();
    private final Map<String, Long> epochs = new HashMap<>();
    private long latestEpoch;
    private final Map<JobId, Map<AttemptId, Integer>> running = new HashMap<>();
    private final Map<AttemptId, Map<String, List<String>>> printed = new HashMap<>();
    private final Map<AttemptId, Set<String>> started = new HashMap<>();

    /// One step of one attempt.
    private record Step(AttemptId attempt, int number) implements Comparable<Step> {
        @Override
        public int compareTo(Step other) {
            int byAttempt = attempt.compareTo(other.attempt);
            return byAttempt != 0 ? byAttempt : Integer.compare(number, other.number);
        }
    }

    private record Acknowledged(long epoch, long offset) {}

    /// Says how far a step's log has come.
    @FunctionalInterface
    public interface LogEnds {
        long of(AttemptId attempt, int step);
    }

    // -- What clients are told

    /// A client was told the run of its token.
    public void submitted(String token, long run) {
        Long before = runOfToken.putIfAbsent(token, run);
        Invariant.ACKNOWLEDGED_IS_DURABLE.require(
                before == null || before == run,
                "token %s made run %s, and then run %d".formatted(token, before, run));
        acknowledgedRuns.add(run);
    }

    /// A client was told that its cancel is accepted.
    public void cancelled(long run) {
        cancelledRuns.add(run);
    }

    /// After a failure: what was acknowledged must be there.
    ///
    /// @param isKnown whether the farm knows a run
    /// @param isCancelled whether the farm knows that a run was cancelled or has finished
    public void checkAcknowledged(LongPredicate isKnown, LongPredicate isCancelled) {
        for (long run : acknowledgedRuns) {
            Invariant.ACKNOWLEDGED_IS_DURABLE.require(
                    isKnown.test(run), "run %d was acknowledged and is not there".formatted(run));
        }
        for (long run : cancelledRuns) {
            Invariant.ACKNOWLEDGED_IS_DURABLE.require(
                    isCancelled.test(run),
                    "the cancel of run %d was acknowledged and is not there".formatted(run));
        }
    }

    /// Everything has had the time to end.
    ///
    /// @param unfinished runs that have not
    public void checkEnded(Set<Long> unfinished) {
        for (long run : unfinished) {
            Invariant promise =
                    cancelledRuns.contains(run)
                            ? Invariant.CANCEL_IS_HONOURED
                            : Invariant.NO_JOB_LOST;
            throw promise.broken("run %d has not ended".formatted(run));
        }
    }

    // -- What agents are told

    /// An agent was told by a leader how far a step's log is durable.
    ///
    /// @param epoch of the leader; what one says that was replaced does not count
    public void logAcknowledged(AttemptId attempt, int step, long epoch, long offset) {
        var key = new Step(attempt, step);
        Acknowledged before = logs.get(key);
        if (before != null && epoch < before.epoch) {
            return;
        }
        Invariant.LOG_OFFSET_NEVER_GOES_BACK.require(
                before == null || offset >= before.offset,
                "%s#%d was acknowledged to %s, and then to %d in epoch %d"
                        .formatted(attempt, step, before, offset, epoch));
        logs.put(key, new Acknowledged(epoch, offset));
    }

    /// After a failure: output that was acknowledged must be there.
    public void checkLogs(LogEnds ends) {
        logs.forEach(
                (step, acknowledged) -> {
                    long end = ends.of(step.attempt, step.number);
                    Invariant.ACKNOWLEDGED_IS_DURABLE.require(
                            end >= acknowledged.offset,
                            "%s#%d was acknowledged to %d, but only %d are there"
                                    .formatted(
                                            step.attempt, step.number, acknowledged.offset, end));
                });
    }

    /// A leader's epoch is in the journal.
    public void begun(long epoch) {
        latestEpoch = Math.max(latestEpoch, epoch);
    }

    /// A coordinator acknowledges a heartbeat, which renews leases.
    public void renewed(long epoch) {
        if (epoch < latestEpoch) {
            throw Invariant.EPOCH_NEVER_GOES_BACK.broken(
                    "a leader of epoch %d renews leases although epoch %d has begun"
                            .formatted(epoch, latestEpoch));
        }
    }

    /// An agent goes on with a leader that it has heard: its epoch is on the agent's disk.
    public void followed(String agent, long epoch) {
        long highest = epochs.getOrDefault(agent, 0L);
        if (epoch < highest) {
            throw Invariant.EPOCH_NEVER_GOES_BACK.broken(
                    "agent %s follows epoch %d after %d".formatted(agent, epoch, highest));
        }
        epochs.put(agent, epoch);
    }

    // -- What processes do

    /// A process of an attempt begins.
    ///
    /// @param name unique in its attempt, without spaces
    public void processStarted(AttemptId attempt, String name) {
        Map<AttemptId, Integer> ofJob =
                running.computeIfAbsent(attempt.job(), job -> new TreeMap<>());
        for (AttemptId other : ofJob.keySet()) {
            Invariant.ATTEMPTS_NEVER_OVERLAP.require(
                    other.equals(attempt),
                    "process %s of %s begins while one of %s runs".formatted(name, attempt, other));
        }
        Invariant.STEP_STARTS_ONCE.require(
                started.computeIfAbsent(attempt, id -> new HashSet<>()).add(name),
                "process %s of %s begins again".formatted(name, attempt));
        ofJob.merge(attempt, 1, Integer::sum);
        printed.computeIfAbsent(attempt, id -> new LinkedHashMap<>()).put(name, new ArrayList<>());
    }

    /// A process printed a line; its record is not lost by now.
    ///
    /// @param line without the line's end, secrets masked
    public void processPrinted(AttemptId attempt, String name, String line) {
        lines(attempt).computeIfAbsent(name, id -> new ArrayList<>()).add(line);
    }

    /// A process that had begun is gone.
    public void processEnded(AttemptId attempt, String name) {
        Map<AttemptId, Integer> ofJob = running.getOrDefault(attempt.job(), new TreeMap<>());
        ofJob.computeIfPresent(attempt, (id, count) -> count == 1 ? null : count - 1);
    }

    // -- What is kept

    /// An attempt has finished; this is its log.
    ///
    /// @param recorded lines that processes printed, those of one process in order
    /// @param whole whether the log is said to be complete
    public void checkLog(AttemptId attempt, List<String> recorded, boolean whole) {
        Map<String, List<String>> byProcess = new TreeMap<>();
        for (String line : recorded) {
            String name = line.substring(0, Math.max(0, line.indexOf(' ')));
            byProcess.computeIfAbsent(name, id -> new ArrayList<>()).add(line);
        }
        Map<String, List<String>> expected = lines(attempt);
        byProcess.forEach(
                (name, lines) ->
                        checkOrder(
                                attempt + " " + name,
                                expected.getOrDefault(name, List.of()),
                                lines));
        if (whole) {
            expected.forEach(
                    (name, lines) -> {
                        int found = byProcess.getOrDefault(name, List.of()).size();
                        Invariant.LOG_COMPLETE_AT_FINISH.require(
                                found == lines.size(),
                                "%s of %s printed %d lines, the log has %d and calls itself whole"
                                        .formatted(name, attempt, lines.size(), found));
                    });
        }
    }

    /// Recorded lines must be among those printed, in their order, none twice.
    private static void checkOrder(String whose, List<String> printed, List<String> recorded) {
        int at = 0;
        for (String line : recorded) {
            int found = printed.subList(at, printed.size()).indexOf(line);
            Invariant.LOG_COMPLETE_AT_FINISH.require(
                    found >= 0,
                    "%s: '%s' is in the log twice, too late, or was never printed"
                            .formatted(whose, line));
            at += found + 1;
        }
    }

    /// Somebody searched a place for a secret.
    public void searched(String place, boolean found) {
        Invariant.SECRET_NEVER_STORED_IN_CLEAR.require(!found, "a secret is in " + place);
    }

    private Map<String, List<String>> lines(AttemptId attempt) {
        return printed.computeIfAbsent(attempt, id -> new LinkedHashMap<>());
    }
}
