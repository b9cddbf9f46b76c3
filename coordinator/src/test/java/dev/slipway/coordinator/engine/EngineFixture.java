package dev.slipway.coordinator.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.coordinator.journal.Entry;
import dev.slipway.coordinator.journal.InMemoryJournal;
import dev.slipway.coordinator.journal.StateDigest;
import dev.slipway.coordinator.model.AgentInfo;
import dev.slipway.coordinator.model.AttemptEnd;
import dev.slipway.coordinator.model.AttemptReport;
import dev.slipway.coordinator.model.AttemptResult;
import dev.slipway.coordinator.model.Bytes;
import dev.slipway.coordinator.model.Cause;
import dev.slipway.coordinator.model.Command;
import dev.slipway.coordinator.model.Commit;
import dev.slipway.coordinator.model.Conclusion;
import dev.slipway.coordinator.model.Event;
import dev.slipway.coordinator.model.EventFacts;
import dev.slipway.coordinator.model.FarmState;
import dev.slipway.coordinator.model.Invariants;
import dev.slipway.coordinator.model.JobState;
import dev.slipway.coordinator.model.RunRecords;
import dev.slipway.coordinator.model.RunSpec;
import dev.slipway.coordinator.model.SealedSecrets;
import dev.slipway.coordinator.model.Source;
import dev.slipway.coordinator.model.WorkflowFile;
import dev.slipway.error.Refusal;
import dev.slipway.id.AttemptId;
import dev.slipway.id.JobId;
import dev.slipway.testkit.ManualTime;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/// A farm in memory whose turns a test makes by hand. Every turn is journaled, and the invariants
/// are checked after it.
final class EngineFixture {
    static final EngineSettings SETTINGS =
            new EngineSettings(
                    1_000,
                    100,
                    Duration.ofMinutes(10),
                    Duration.ofSeconds(10),
                    2,
                    Duration.ofMinutes(1));

    final ManualTime time = new ManualTime();
    final InMemoryJournal journal = new InMemoryJournal();
    final Invariants invariants = new Invariants();
    private final Deque<Command<?>> rung = new ArrayDeque<>();
    private Core core;
    private long epoch;
    private List<Commit> history = List.of();
    private int tokens;
    private int connections;

    EngineFixture() {
        core = begin();
    }

    /// Everything in memory is lost; what is journaled comes back.
    void restart() {
        rung.clear();
        core = begin();
    }

    FarmState farm() {
        return core.state();
    }

    Core core() {
        return core;
    }

    /// Submits a workflow that runs on `push` to main.
    long submit(String yaml) {
        return submit(spec(yaml));
    }

    long submit(RunSpec spec) {
        return accept(new Command.SubmitRun(spec)).run();
    }

    RunSpec spec(String yaml) {
        return spec(yaml, Map.of());
    }

    /// @param called path to text
    RunSpec spec(String yaml, Map<String, String> called) {
        return spec(yaml, called, "");
    }

    /// @param payload the event's, as nobody has checked it
    RunSpec specWithEvent(String yaml, String payload) {
        return spec(yaml, Map.of(), payload);
    }

    private RunSpec spec(String yaml, Map<String, String> called, String payload) {
        return new RunSpec(
                "acme/app",
                new WorkflowFile(".github/workflows/ci.yml", Bytes.utf8(yaml)),
                called.entrySet().stream()
                        .map(file -> new WorkflowFile(file.getKey(), Bytes.utf8(file.getValue())))
                        .toList(),
                new EventFacts(
                        "push",
                        payload,
                        "refs/heads/main",
                        "0123456789abcdef0123456789abcdef01234567",
                        "",
                        "",
                        "main",
                        "ann",
                        Optional.empty()),
                new TreeMap<>(),
                new TreeMap<>(),
                SealedSecrets.NONE,
                new Source.None(),
                List.of(),
                new TreeMap<>(),
                0,
                false,
                "token-" + ++tokens,
                history);
    }

    /// The commits that come with every run from now on.
    void history(List<Commit> now) {
        history = now;
    }

    /// Connects an agent named like its id.
    void agent(String id, int slots, String... labels) {
        accept(new Command.AgentConnected(info(id, slots, labels), ++connections));
    }

    static AgentInfo info(String id, int slots, String... labels) {
        return new AgentInfo(
                id,
                id,
                "boot",
                "process",
                "0.1.0",
                slots,
                List.of(labels),
                "Linux",
                "X64",
                false,
                "",
                List.of());
    }

    /// One command in a turn of its own, and whatever timers asked for.
    <A> Decision<A> turn(Command<A> command) {
        Turn turn = now();
        Decision<A> decision = execute(command, turn);
        core.lease(turn);
        commit();
        while (!rung.isEmpty()) {
            Command<?> own = rung.poll();
            Turn next = now();
            execute(own, next);
            core.lease(next);
            commit();
        }
        invariants.check(core.state());
        return decision;
    }

    private <A> Decision<A> execute(Command<A> command, Turn turn) {
        Decision<A> decision = core.decide(command, turn);
        core.carryOut(command, decision, turn);
        return decision;
    }

    <A> A accept(Command<A> command) {
        return switch (turn(command)) {
            case Decision.Accepted<A> accepted -> accepted.answer();
            case Decision.Refused<A> refused -> throw refused.refusal().asException();
        };
    }

    Refusal refuse(Command<?> command) {
        Decision<?> decision = turn(command);
        assertThat(decision).isInstanceOf(Decision.Refused.class);
        return ((Decision.Refused<?>) decision).refusal();
    }

    /// Moves time; timers that go off get turns.
    void pass(Duration by) {
        time.advance(by);
        turn(new Command.AgentGone("nobody", 0));
    }

    /// The job with that key in a run, finished runs included.
    JobState job(long run, String key) {
        return records(run).jobs().stream()
                .filter(job -> job.node().key().equals(key))
                .findFirst()
                .orElseThrow();
    }

    RunRecords records(long run) {
        return core.state().records(run).orElseThrow();
    }

    /// The agent begins to work on a job's latest attempt.
    AttemptId start(JobState job) {
        AttemptId attempt = job.latestAttempt();
        report(attempt, report(1, null));
        return attempt;
    }

    void succeed(JobState job) {
        succeed(job, Map.of());
    }

    void succeed(JobState job, Map<String, String> outputs) {
        end(job, Conclusion.SUCCESS, Cause.SUCCESS, outputs);
    }

    void fail(JobState job) {
        end(job, Conclusion.FAILURE, Cause.USER_FAILURE, Map.of());
    }

    void end(JobState job, Conclusion conclusion, Cause cause, Map<String, String> outputs) {
        report(job.latestAttempt(), report(9, result(conclusion, cause, outputs)));
    }

    Decision<Command.Reported> report(AttemptId attempt, AttemptReport report) {
        var lease =
                core.state().records(attempt.run()).orElseThrow().attempts().stream()
                        .filter(known -> known.id().equals(attempt))
                        .findFirst()
                        .orElseThrow()
                        .lease();
        return turn(new Command.ReportAttempt(lease.agentId(), attempt, lease.epoch(), report));
    }

    AttemptReport report(long revision, @org.jspecify.annotations.Nullable AttemptResult result) {
        return new AttemptReport(
                revision, time.now(), List.of(), List.of(), new TreeMap<>(), null, null, result);
    }

    AttemptResult result(Conclusion conclusion, Cause cause, Map<String, String> outputs) {
        return result(conclusion, cause, "", outputs);
    }

    AttemptResult result(
            Conclusion conclusion, Cause cause, String detail, Map<String, String> outputs) {
        SortedMap<String, String> sorted = new TreeMap<>(outputs);
        return new AttemptResult(
                new AttemptEnd(conclusion, cause, detail, time.now(), "", 0), sorted, "");
    }

    /// Why the waiting jobs of a run wait.
    List<Explanation> explain(long run) {
        return new Explainer(core.state(), core.feed().scheduler(), this::agents).explain(run, "");
    }

    List<AgentView> agents() {
        return core.agents().views(core.state(), core.leases(), core.quarantine());
    }

    /// All events so far, of all reigns.
    List<Event> history() {
        return journal.entries().stream().map(Entry::events).flatMap(Collection::stream).toList();
    }

    /// ReplayEqualsLive, and what the tables bring back equals both.
    void checkReplay() {
        String liveDigest = StateDigest.of(core.state());
        assertThat(StateDigest.of(journal.replayed())).isEqualTo(liveDigest);
        assertThat(StateDigest.of(journal.recover())).isEqualTo(liveDigest);
    }

    private Core begin() {
        FarmState state = journal.recover();
        epoch = state.epoch() + 1;
        var leases = new LeaseClock(time, time, agent -> rung.add(new Command.ExpireLeases(agent)));
        var overruns =
                new OverrunTimers(time, attempt -> rung.add(new Command.EndOverrun(attempt)));
        var quarantine = new Quarantine(time, agent -> rung.add(new Command.EndQuarantine(agent)));
        var waits = new WakeUps<JobId>(time, job -> rung.add(new Command.EndWait(job)));
        core =
                new Core(
                        SETTINGS,
                        state,
                        new RunPlans(),
                        new Core.Clocks(leases, overruns, quarantine, waits));
        Turn turn = now();
        core.begin("farm", turn);
        core.lease(turn);
        commit();
        return core;
    }

    private Turn now() {
        return new Turn(time.now(), time.uptime(), epoch, core.state().position() + 1);
    }

    private void commit() {
        List<Event> events = core.takeEvents();
        events.forEach(invariants::observe);
        if (!events.isEmpty()) {
            long position = core.state().position();
            journal.append(new Entry(position, epoch, events), core.state().takeChanges());
        }
    }
}
