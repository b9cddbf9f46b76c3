package dev.slipway.simulation;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.slipway.coordinator.engine.AgentView;
import dev.slipway.coordinator.engine.EngineView;
import dev.slipway.coordinator.journal.Entry;
import dev.slipway.coordinator.journal.InMemoryJournal;
import dev.slipway.coordinator.journal.StateDigest;
import dev.slipway.coordinator.logs.LogCursor;
import dev.slipway.coordinator.logs.LogReader;
import dev.slipway.coordinator.logs.LogStore;
import dev.slipway.coordinator.logs.StepKey;
import dev.slipway.coordinator.logs.StepLog;
import dev.slipway.coordinator.model.Event;
import dev.slipway.coordinator.model.FarmState;
import dev.slipway.coordinator.model.Invariant;
import dev.slipway.coordinator.model.Invariants;
import dev.slipway.coordinator.model.JobState;
import dev.slipway.coordinator.model.RunState;
import dev.slipway.coordinator.model.Status;
import dev.slipway.coordinator.model.Witness;
import dev.slipway.coordinator.storage.MemoryDatabase;
import dev.slipway.coordinator.storage.TableRunStore;
import dev.slipway.id.AttemptId;
import dev.slipway.id.JobId;
import dev.slipway.testkit.SimulatedWorld;
import dev.slipway.wire.LogLine;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;

/// Holds the farm to its promises after every step: follows the journal with books and a state of
/// its own, and hears what the {@link Witness} must know. What it finds is kept until the step is
/// over, because product code may catch what is thrown into it.
final class Audit {
    /// A job that fits a free agent must not be found waiting for so long.
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /// Tables that tell where segments are, and what is synced.
    private static final Set<String> OF_ONE_MEMBER =
            Set.of("log_positions", "log_segments", "log_chunks", "log_arrivals");

    private final SimulatedWorld world;
    private final BugReports bugs = BugReports.watch();
    private final Invariants invariants = new Invariants();
    private final Witness witness = new Witness();
    private final InMemoryJournal history = new InMemoryJournal();
    private final FarmState state = history.recover();
    private final Set<Long> known = new HashSet<>();
    private final Set<Long> cancelledOrEnded = new HashSet<>();
    private final Map<AttemptId, Boolean> logsToCheck = new TreeMap<>();
    private final Map<JobId, Duration> idleSince = new HashMap<>();
    private Duration lookedAt = Duration.ZERO;
    private long lookedEpoch;
    private List<Entry> journal = List.of();
    private int seen;
    private long epoch;
    private List<AgentView> agents = List.of();
    private Supplier<@Nullable SimulatedCoordinator> leader = () -> null;
    private Invariant.@Nullable Broken broken;

    Audit(SimulatedWorld world) {
        this.world = world;
    }

    /// @param acknowledged entries that somebody may have been told of; grows
    /// @param leader who serves, or null
    void follow(List<Entry> acknowledged, Supplier<@Nullable SimulatedCoordinator> leader) {
        this.journal = acknowledged;
        this.leader = leader;
        world.afterEveryStep(this::afterStep);
    }

    /// Everything that is unfinished.
    FarmState state() {
        return state;
    }

    /// The highest epoch that has begun.
    long highestEpoch() {
        return epoch;
    }

    Set<Long> unfinished() {
        var runs = new TreeSet<Long>();
        state.runs().forEach(run -> runs.add(run.number()));
        return runs;
    }

    /// Tells the witness something; a broken promise is kept for the end of the step.
    void guard(Consumer<Witness> what) {
        try {
            what.accept(witness);
        } catch (Invariant.Broken found) {
            keep(found);
        }
    }

    /// A coordinator has failed in a way that nobody foresaw.
    void bug(Throwable problem) {
        bugs.add(problem);
    }

    private void keep(Invariant.Broken found) {
        if (broken == null) {
            broken = found;
        }
    }

    private void afterStep() {
        bugs.check();
        if (broken == null) {
            catchUp();
        }
        if (broken != null) {
            throw broken;
        }
    }

    private void catchUp() {
        try {
            while (seen < journal.size()) {
                observe(journal.get(seen++));
            }
            if (!logsToCheck.isEmpty()) {
                checkLogs();
            }
        } catch (Invariant.Broken found) {
            keep(found);
        }
    }

    private void observe(Entry entry) {
        Invariant.EPOCH_NEVER_GOES_BACK.require(
                entry.epoch() >= epoch,
                "entry %d is of epoch %d after one of %d"
                        .formatted(entry.position(), entry.epoch(), epoch));
        epoch = entry.epoch();
        witness.begun(epoch);
        Invariant.ACKNOWLEDGED_IS_DURABLE.require(
                entry.position() == state.position() + 1,
                "entry %d follows on %d".formatted(entry.position(), state.position()));
        for (Event event : entry.events()) {
            world.note(entry.position() + " " + describe(event));
            invariants.observe(event);
            state.apply(entry.position(), event);
            note(event);
        }
        history.append(entry, state.takeChanges());
        invariants.check(state);
    }

    private void note(Event event) {
        switch (event) {
            case Event.RunQueued e -> known.add(e.run());
            case Event.RunCancelRequested e -> cancelledOrEnded.add(e.run());
            case Event.RunFinished e -> cancelledOrEnded.add(e.run());
            case Event.AttemptFinished e ->
                    logsToCheck.put(e.attempt(), e.end().logIncomplete().isEmpty());
            default -> {
                // Nothing that others are told of.
            }
        }
    }

    private static String describe(Event event) {
        // What a run was submitted with holds ciphertext, which is random.
        return event instanceof Event.RunQueued queued
                ? "RunQueued[run=%d]".formatted(queued.run())
                : event.toString();
    }

    // -- Logs

    private void checkLogs() {
        SimulatedCoordinator serving = leader.get();
        if (serving == null || serving.node().stopped()) {
            return;
        }
        logsToCheck.forEach(
                (attempt, whole) ->
                        witness.checkLog(attempt, output(serving.logs(), attempt), whole));
        logsToCheck.clear();
    }

    /// What the processes of an attempt printed, as recorded.
    private List<String> output(LogStore logs, AttemptId attempt) {
        var lines = new ArrayList<String>();
        var onlyOutput =
                new LogReader.Filter(
                        step -> true,
                        line ->
                                line.kind() != LogLine.Kind.META
                                        && line.kind() != LogLine.Kind.GAP);
        LogCursor.Planned cursor = LogCursor.Planned.START;
        while (true) {
            var page = new LogReader(logs).planned(List.of(attempt), onlyOutput, cursor, 1 << 20);
            for (LogReader.Line line : page.lines()) {
                String text = new String(line.line().text(), UTF_8);
                witness.searched("the log of " + attempt, text.contains(Task.SECRET));
                lines.add(text);
            }
            if (!page.more()) {
                return lines;
            }
            cursor = (LogCursor.Planned) page.next();
        }
    }

    // -- After failures

    /// A coordinator has found these entries: all that were acknowledged must be among them.
    ///
    /// @param late takes those that nobody was told of
    void recovered(List<Entry> found, Consumer<Entry> late) {
        catchUp();
        for (int at = 0; at < journal.size(); at++) {
            Entry promised = journal.get(at);
            if (at >= found.size() || !found.get(at).equals(promised)) {
                keep(
                        Invariant.ACKNOWLEDGED_IS_DURABLE.broken(
                                "entry %d was acknowledged in epoch %d and is not in the journal,"
                                                .formatted(promised.position(), promised.epoch())
                                        + " which ends at %d".formatted(found.size())));
                return;
            }
        }
        // The last one may have become durable although nobody was told.
        found.subList(journal.size(), found.size()).forEach(late);
        catchUp();
        guard(seer -> seer.checkAcknowledged(known::contains, cancelledOrEnded::contains));
    }

    /// A coordinator has opened its logs: all that was acknowledged must be there.
    void recovered(LogStore logs) {
        guard(
                seer ->
                        seer.checkLogs(
                                (attempt, step) ->
                                        logs.step(new StepKey(attempt, step))
                                                .map(StepLog::nextIndex)
                                                .orElse(0L)));
    }

    /// Looks at a coordinator between two turns.
    ///
    /// @param leads whether it may give jobs away
    void live(EngineView view, boolean leads) {
        catchUp();
        if (!leads || view.farm().epoch() != epoch) {
            return;
        }
        sameState((FarmState) view.farm());
        Duration now = world.clock().uptime();
        if (lookedEpoch != epoch || now.minus(lookedAt).compareTo(PATIENCE.dividedBy(2)) > 0) {
            // Meanwhile nobody led, or not for long.
            idleSince.clear();
        }
        lookedEpoch = epoch;
        lookedAt = now;
        agents = view.agents();
        findStarving(view);
    }

    /// Looks at the state of a coordinator, whichever its role is.
    void sameState(FarmState other) {
        catchUp();
        if (other.position() == state.position()
                && !StateDigest.of(other).equals(StateDigest.of(state))) {
            keep(
                    Invariant.REPLAY_EQUALS_LIVE.broken(
                            "the states differ at position " + state.position()));
        }
    }

    /// What the leader thought of its agents when it was last looked at, for people.
    List<String> agents() {
        return agents.stream().map(AgentView::toString).toList();
    }

    private void findStarving(EngineView view) {
        Duration now = world.clock().uptime();
        var starving = new HashSet<JobId>();
        for (RunState run : view.farm().runs()) {
            for (JobState job : view.farm().jobs(run.number())) {
                if (job.status() == Status.QUEUED && fitting(view, job).anyMatch(Audit::isFree)) {
                    starving.add(job.id());
                    Duration since = idleSince.computeIfAbsent(job.id(), id -> now);
                    if (now.minus(since).compareTo(PATIENCE) > 0) {
                        keep(
                                Invariant.QUEUE_NEVER_STARVES.broken(
                                        "%s waits since %s although an agent is free"
                                                .formatted(job.id(), since)));
                    }
                }
            }
        }
        idleSince.keySet().retainAll(starving);
    }

    /// Agents that may run a job. After a failure of the machine others are waited for, if there
    /// are others.
    private static Stream<AgentView> fitting(EngineView view, JobState job) {
        List<AgentView> all =
                view.agents().stream()
                        .filter(agent -> agent.unavailable().isEmpty())
                        .filter(agent -> agent.info().labels().containsAll(job.plan().runsOn()))
                        .toList();
        List<AgentView> others =
                all.stream().filter(agent -> !job.avoid().contains(agent.info().id())).toList();
        return (others.isEmpty() ? all : others).stream();
    }

    private static boolean isFree(AgentView agent) {
        return agent.busySlots() < agent.info().slots();
    }

    /// At the end of everything.
    ///
    /// @param tables of all coordinators
    void checkEnd(List<MemoryDatabase> tables) {
        guard(seer -> seer.checkEnded(unfinished()));
        invariants.checkAllEnded(state);
        guard(seer -> seer.checkAcknowledged(known::contains, cancelledOrEnded::contains));
        byte[] secret = Task.SECRET.getBytes(UTF_8);
        tables.forEach(one -> guard(seer -> seer.searched("the tables", one.holds(secret))));
        guard(seer -> seer.searched("the journal", history.database().holds(secret)));
        String replayed = StateDigest.of(history.replayed());
        Invariant.REPLAY_EQUALS_LIVE.require(
                replayed.equals(StateDigest.of(state)), "the journal gives another state");
        if (broken != null) {
            throw broken;
        }
    }

    /// Members that have come to the same positions have the same farm: state, history and logs.
    void checkSame(SimulatedDisk one, LogStore itsLogs, SimulatedDisk other, LogStore othersLogs) {
        FarmState first = new TableRunStore(one.database()).load();
        FarmState second = new TableRunStore(other.database()).load();
        Invariant.REPLAY_EQUALS_LIVE.require(
                StateDigest.of(first).equals(StateDigest.of(second)),
                "two members have different states at position " + first.position());
        for (long run : known) {
            var steps = itsLogs.steps(run);
            Invariant.REPLAY_EQUALS_LIVE.require(
                    steps.equals(othersLogs.steps(run)),
                    "two members have different logs of run " + run);
            steps.keySet().stream()
                    .map(StepKey::attempt)
                    .distinct()
                    .forEach(
                            attempt ->
                                    Invariant.REPLAY_EQUALS_LIVE.require(
                                            output(itsLogs, attempt)
                                                    .equals(output(othersLogs, attempt)),
                                            "two members have different logs of " + attempt));
        }
        one.database()
                .firstDifference(other.database(), family -> !OF_ONE_MEMBER.contains(family))
                .ifPresent(
                        family -> {
                            throw Invariant.REPLAY_EQUALS_LIVE.broken(
                                    "two members have different rows in " + family);
                        });
    }

    Witness witness() {
        return witness;
    }
}
