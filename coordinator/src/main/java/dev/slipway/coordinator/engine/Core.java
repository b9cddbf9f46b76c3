package dev.slipway.coordinator.engine;

import dev.slipway.coordinator.deployments.Protection;
import dev.slipway.coordinator.model.AttemptEnd;
import dev.slipway.coordinator.model.AttemptState;
import dev.slipway.coordinator.model.Command;
import dev.slipway.coordinator.model.EnvironmentName;
import dev.slipway.coordinator.model.Event;
import dev.slipway.coordinator.model.FarmState;
import dev.slipway.coordinator.model.JobState;
import dev.slipway.coordinator.model.Occupant;
import dev.slipway.coordinator.model.RunState;
import dev.slipway.coordinator.model.Seat;
import dev.slipway.coordinator.model.Status;
import dev.slipway.coordinator.rules.Tidings;
import dev.slipway.id.AttemptId;
import dev.slipway.id.JobId;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/// What a turn does in memory: decides, applies, lets the consequences follow, leases. It journals
/// nothing and answers nobody; that is {@link SingleWriter}'s. For one thread.
final class Core {
    /// More passes over one run than any run can need: the rules contradict each other.
    private static final int MAX_PASSES = 100_000;

    private final EngineSettings settings;
    private final FarmState state;
    private final Agents agents = new Agents();
    private final LeaseClock leases;
    private final OverrunTimers overruns;
    private final Quarantine quarantine;
    private final Appointments appointments;
    private final Decider decider;
    private final Consequences consequences;
    private final SchedulerFeed feed;
    private final TreeSet<Long> unsettled = new TreeSet<>();
    private List<Event> events = new ArrayList<>();

    /// What wakes the engine when time has passed.
    record Clocks(
            LeaseClock leases, OverrunTimers overruns, Quarantine quarantine, WakeUps<JobId> waits)
            implements AutoCloseable {
        @Override
        public void close() {
            leases.close();
            overruns.close();
            quarantine.close();
            waits.close();
        }
    }

    Core(EngineSettings settings, FarmState state, RunPlans plans, Clocks clocks) {
        this.settings = settings;
        this.state = state;
        this.leases = clocks.leases();
        this.overruns = clocks.overruns();
        this.quarantine = clocks.quarantine();
        this.appointments = new Appointments(state, clocks.waits());
        this.decider = new Decider(settings, plans, agents, leases);
        this.consequences = new Consequences(plans, decider.cancellation());
        this.feed = new SchedulerFeed(state, agents, quarantine, settings);
    }

    /// Begins a reign.
    void begin(String farmId, Turn turn) {
        feed.restore(turn);
        apply(new Event.EpochRaised(farmId, turn.epoch(), turn.now()), turn);
        for (RunState run : state.runs()) {
            unsettled.add(run.number());
            state.jobs(run.number()).forEach(job -> appointments.arrange(job, turn));
            for (AttemptState attempt : state.attempts(run.number())) {
                if (attempt.live()) {
                    watch(attempt);
                    overruns.leased(attempt.id(), job(attempt.id()).plan(), attempt.lease().ttl());
                    restoreOverrun(attempt);
                }
            }
        }
        settle(turn);
    }

    /// Only reads: when it fails, nothing has happened.
    <A> Decision<A> decide(Command<A> command, Turn turn) {
        return decider.decide(state, command, turn);
    }

    /// Makes true in memory what was decided in this turn about a command, unless it was refused.
    <A> void carryOut(Command<A> command, Decision<A> decision, Turn turn) {
        if (decision instanceof Decision.Accepted<A> accepted) {
            accepted.events().forEach(event -> apply(event, turn));
            settle(turn);
            accepted(command, turn);
        }
    }

    /// Gives waiting jobs to free slots.
    void lease(Turn turn) {
        for (Event event : feed.lease(turn)) {
            apply(event, turn);
        }
        settle(turn);
    }

    /// What has happened since the last call.
    List<Event> takeEvents() {
        List<Event> taken = events;
        events = new ArrayList<>();
        return taken;
    }

    FarmState state() {
        return state;
    }

    Agents agents() {
        return agents;
    }

    LeaseClock leases() {
        return leases;
    }

    Quarantine quarantine() {
        return quarantine;
    }

    SchedulerFeed feed() {
        return feed;
    }

    private void apply(Event event, Turn turn) {
        List<Event> tidings = Tidings.of(state, event, turn.now());
        Optional<SeatOf> freed = seatFreedBy(event);
        state.apply(turn.position(), event);
        events.add(event);
        feed.applied(event, turn);
        follow(event, turn);
        markUnsettled(event);
        freed.ifPresent(this::markNext);
        tidings.forEach(next -> apply(next, turn));
        Deploying.follow(state, event, turn).forEach(next -> apply(next, turn));
    }

    private void settle(Turn turn) {
        while (!unsettled.isEmpty()) {
            long run = unsettled.pollFirst();
            int passes = 0;
            for (List<Event> next = consequences.next(state, run, turn);
                    !next.isEmpty();
                    next = consequences.next(state, run, turn)) {
                if (++passes > MAX_PASSES) {
                    throw new IllegalStateException(
                            "run %d does not settle; it goes on with %s"
                                    .formatted(run, next.getFirst()));
                }
                next.forEach(event -> apply(event, turn));
            }
        }
    }

    /// Only these can have consequences in their run.
    private void markUnsettled(Event event) {
        switch (event) {
            case Event.RunQueued e -> unsettled.add(e.run());
            case Event.RunSeated e -> unsettled.add(e.run());
            case Event.RunCancelRequested e -> unsettled.add(e.run());
            case Event.RunReopened e -> unsettled.add(e.run());
            case Event.JobPlanned e -> unsettled.add(e.run());
            case Event.JobSeated e -> unsettled.add(e.run());
            case Event.JobApproved e -> unsettled.add(e.run());
            case Event.EnvironmentConfigured e -> wakeAll(e.name());
            case Event.JobCancelRequested e -> unsettled.add(e.run());
            case Event.CallStarted e -> unsettled.add(e.run());
            case Event.JobRecovering e -> unsettled.add(e.run());
            case Event.JobFinished e -> {
                unsettled.add(e.run());
                wakeLine(e.job());
            }
            default -> {
                // Progress of one attempt.
            }
        }
    }

    private record SeatOf(String project, Seat seat) {}

    private Optional<SeatOf> seatFreedBy(Event event) {
        if (event instanceof Event.RunFinished end) {
            return state.run(end.run())
                    .filter(run -> run.seat() != null)
                    .map(run -> new SeatOf(run.head().project(), seat(run.seat())));
        }
        if (event instanceof Event.JobFinished end) {
            Optional<JobState> job = state.job(end.job()).filter(known -> known.seat() != null);
            return job.map(
                    known ->
                            new SeatOf(
                                    state.run(end.run()).orElseThrow().head().project(),
                                    seat(known.seat())));
        }
        return Optional.empty();
    }

    private static Seat seat(@org.jspecify.annotations.Nullable Seat seat) {
        return java.util.Objects.requireNonNull(seat);
    }

    private void markNext(SeatOf freed) {
        String group = freed.seat.concurrency().group();
        state.waiters(freed.project, group).stream()
                .findFirst()
                .map(Occupant::run)
                .filter(run -> state.run(run).isPresent())
                .ifPresent(unsettled::add);
    }

    /// Clocks that run while an agent holds an attempt.
    private void follow(Event event, Turn turn) {
        switch (event) {
            case Event.JobLeased e -> {
                AttemptState attempt = attempt(e.attempt());
                watch(attempt);
                overruns.leased(attempt.id(), job(attempt.id()).plan(), attempt.lease().ttl());
            }
            case Event.AttemptStarted e -> overruns.started(e.attempt(), job(e.attempt()).plan());
            case Event.EnvironmentConfigured e ->
                    state.jobsOf(e.name()).forEach(job -> appointments.arrange(job, turn));
            case Event.JobBlocked e -> appointments.arrange(state.job(e.job()).orElseThrow(), turn);
            case Event.JobRecovering e ->
                    appointments.arrange(state.job(e.job()).orElseThrow(), turn);
            case Event.JobQueued e -> appointments.arrange(state.job(e.job()).orElseThrow(), turn);
            case Event.JobFinished e -> appointments.cancel(e.job());
            case Event.LeaseLost e -> {
                overruns.ended(e.attempt());
                failed(attempt(e.attempt()), "its lease ended without word from it", turn);
            }
            case Event.AttemptFinished e -> {
                overruns.ended(e.attempt());
                judge(attempt(e.attempt()), e.end(), turn);
                dropAgent(attempt(e.attempt()).lease().agentId());
            }
            default -> {
                // Nothing that is timed.
            }
        }
    }

    private void wakeAll(EnvironmentName name) {
        state.jobsOf(name).forEach(job -> unsettled.add(job.id().run()));
    }

    /// Who waits in line behind a job that has left its environment.
    private void wakeLine(JobId gone) {
        state.job(gone)
                .filter(job -> !job.plan().environment().isEmpty())
                .ifPresent(
                        job ->
                                wakeAll(
                                        Protection.environment(
                                                state.run(gone.run()).orElseThrow(), job)));
    }

    /// What an end says of the agent.
    private void judge(AttemptState attempt, AttemptEnd end, Turn turn) {
        switch (end.cause()) {
            case SUCCESS, USER_FAILURE -> quarantine.succeeded(attempt.lease().agentId());
            case INFRASTRUCTURE, AGENT_LOST -> failed(attempt, end.detail(), turn);
            case TIMEOUT, CANCELLED, POLICY -> {
                // Says nothing.
            }
        }
    }

    private void failed(AttemptState attempt, String detail, Turn turn) {
        String agent = attempt.lease().agentId();
        if (quarantine.failed(agent, attempt.id().job(), detail, turn)) {
            feed.agentChanged(agent);
        }
    }

    private void watch(AttemptState attempt) {
        leases.watch(attempt.lease().agentId(), settings.givenAwayAfter(attempt.lease().ttl()));
    }

    /// As leases do, time-outs run a full term from the moment of serving: the agent enforces them
    /// itself, and when it began is known only by its own wall clock.
    private void restoreOverrun(AttemptState attempt) {
        JobState job = job(attempt.id());
        if (job.cancel() != null) {
            overruns.cancelled(attempt.id(), job.plan());
        } else if (attempt.status() == Status.RUNNING) {
            overruns.started(attempt.id(), job.plan());
        }
    }

    /// What an accepted command changes besides events.
    private void accepted(Command<?> command, Turn turn) {
        switch (command) {
            case Command.AgentConnected c -> {
                if (agents.connect(c.agent(), c.connection())) {
                    leases.heard(c.agent().id());
                    quarantine.connected(c.agent().id(), agents.connected(), turn);
                    feed.agentChanged(c.agent().id());
                }
            }
            case Command.AgentChanged c -> {
                if (agents.change(c.agent(), c.connection())) {
                    feed.agentChanged(c.agent().id());
                }
            }
            case Command.AgentGone c -> {
                if (agents.disconnect(c.agentId(), c.connection())) {
                    feed.agentChanged(c.agentId());
                    dropAgent(c.agentId());
                }
            }
            case Command.ExpireLeases c -> {
                leases.rang(c.agentId());
                state.attemptsOf(c.agentId()).stream()
                        .map(this::attempt)
                        .filter(AttemptState::live)
                        .forEach(this::watch);
                dropAgent(c.agentId());
            }
            case Command.ResumeAgent c ->
                    agents.find(c.agent(), state)
                            .ifPresent(
                                    id -> {
                                        quarantine.lift(id);
                                        feed.agentChanged(id);
                                    });
            case Command.EndQuarantine c -> {
                if (quarantine.ended(c.agentId(), turn)) {
                    feed.agentChanged(c.agentId());
                }
            }
            case Command.EndWait c -> {
                appointments.cancel(c.job());
                if (state.run(c.job().run()).isPresent()) {
                    unsettled.add(c.job().run());
                    settle(turn);
                    // It rang too early, by another clock.
                    state.job(c.job()).ifPresent(job -> appointments.arrange(job, turn));
                }
            }
            case Command.EndOverrun c ->
                    state.attempt(c.attempt())
                            .filter(AttemptState::live)
                            .ifPresent(
                                    live -> overruns.cancelled(live.id(), job(live.id()).plan()));
            default -> {
                // Everything that it does is in its events.
            }
        }
    }

    private void dropAgent(String agentId) {
        if (agents.dropIfIdle(agentId, state)) {
            feed.agentChanged(agentId);
            leases.forget(agentId);
        }
    }

    private AttemptState attempt(AttemptId id) {
        return state.attempt(id).orElseThrow();
    }

    private JobState job(AttemptId id) {
        return state.job(id.job()).orElseThrow();
    }
}
