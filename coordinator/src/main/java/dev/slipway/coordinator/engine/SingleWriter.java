package dev.slipway.coordinator.engine;

import dev.slipway.coordinator.journal.Entry;
import dev.slipway.coordinator.journal.Journal;
import dev.slipway.coordinator.model.Command;
import dev.slipway.coordinator.model.Event;
import dev.slipway.coordinator.model.FarmState;
import dev.slipway.coordinator.model.FarmView;
import dev.slipway.error.ErrorCode;
import dev.slipway.error.Refusal;
import dev.slipway.error.SlipwayException;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Function;

/// The engine: one thread that owns the farm's state and lives through turns. It ends when it is
/// closed, or when a turn fails: then its state is in doubt, is dropped, and the owner is told.
public final class SingleWriter implements Engine, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(SingleWriter.class);

    private final EngineSettings settings;
    private final Journal journal;
    private final EnginePorts ports;
    private final RunPlans plans = new RunPlans();
    private final Inbox<Work> inbox;
    private final List<EventListener> listeners = new CopyOnWriteArrayList<>();
    private final Consumer<Throwable> onFailure;
    private final Core core;
    private final LeaseClock leases;
    private final Core.Clocks clocks;
    private final Quarantine quarantine;
    private final Explainer explainer;
    private final Thread owner;
    private final long epoch;
    private volatile long position;

    /// Whether the present turn is certainly the leader's. Only the owner uses it.
    private boolean certain;

    /// Recovers the state, begins a new epoch and serves.
    ///
    /// @param onFailure called once, on the engine's thread, when a turn failed: the coordinator
    ///   must stop serving
    public static SingleWriter start(
            EngineSettings settings,
            Journal journal,
            EnginePorts ports,
            Consumer<Throwable> onFailure) {
        return new SingleWriter(settings, journal, ports, onFailure);
    }

    private SingleWriter(
            EngineSettings settings,
            Journal journal,
            EnginePorts ports,
            Consumer<Throwable> onFailure) {
        this.settings = settings;
        this.journal = journal;
        this.ports = ports;
        this.onFailure = onFailure;
        this.inbox = new Inbox<>(settings.queueCapacity());
        FarmState state = journal.recover();
        this.position = state.position();
        this.epoch = risen(journal.epoch(), state.epoch());
        this.leases =
                new LeaseClock(
                        ports.clock(),
                        ports.timers(),
                        agent -> inbox.addOwn(order(new Command.ExpireLeases(agent))));
        var overruns =
                new OverrunTimers(
                        ports.timers(),
                        attempt -> inbox.addOwn(order(new Command.EndOverrun(attempt))));
        this.quarantine =
                new Quarantine(
                        ports.timers(),
                        agent -> inbox.addOwn(order(new Command.EndQuarantine(agent))));
        this.clocks =
                new Core.Clocks(
                        leases,
                        overruns,
                        quarantine,
                        new WakeUps<>(
                                ports.timers(),
                                job -> inbox.addOwn(order(new Command.EndWait(job)))));
        this.core = new Core(settings, state, plans, clocks);
        this.explainer =
                new Explainer(
                        state,
                        core.feed().scheduler(),
                        () -> core.agents().views(state, leases, quarantine));
        String farmId = state.farmId().isEmpty() ? ports.ids().fresh() : state.farmId();
        core.begin(farmId, turn());
        commit();
        this.owner = ports.threads().startOwner("engine", this::live);
    }

    private static long risen(long epoch, long latest) {
        if (epoch <= latest) {
            throw new IllegalStateException(
                    "epoch %d cannot follow on epoch %d".formatted(epoch, latest));
        }
        return epoch;
    }

    @Override
    public <A> void submit(Command<A> command, Reply<A> reply) {
        if (command instanceof Command.SubmitRun submit) {
            // Reading a workflow may take a while: here it keeps nobody else waiting.
            plans.prepare(submit.spec());
        }
        inbox.add(new Order<>(command, reply));
    }

    @Override
    public <A> A ask(Command<A> command) throws InterruptedException {
        var reply = new WaitingReply<A>();
        submit(command, reply);
        return reply.await();
    }

    @Override
    public <T> T read(Function<EngineView, T> reader) throws InterruptedException {
        var reply = new WaitingReply<T>();
        inbox.add(new Look<>(reader, reply));
        return reply.await();
    }

    @Override
    public void heard(String agentId) {
        leases.heard(agentId);
    }

    @Override
    public long listen(EventListener listener) throws InterruptedException {
        return read(
                view -> {
                    listeners.add(listener);
                    return view.farm().position();
                });
    }

    @Override
    public String farmId() {
        return core.state().farmId();
    }

    @Override
    public long epoch() {
        return epoch;
    }

    @Override
    public long position() {
        return position;
    }

    /// Ends the engine after the turn that is under way; what still waits is answered as lost.
    @Override
    public void close() {
        inbox.close(new SlipwayException(ErrorCode.NOT_LEADER, "it is shutting down"));
        boolean interrupted = false;
        while (true) {
            try {
                owner.join();
                break;
            } catch (InterruptedException signal) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void live() {
        try {
            for (List<Work> tasks = inbox.take(settings.batch());
                    !tasks.isEmpty();
                    tasks = inbox.take(settings.batch())) {
                turn(tasks);
            }
        } catch (RuntimeException | Error | InterruptedException problem) {
            if (!(problem instanceof SlipwayException || problem instanceof InterruptedException)) {
                LOG.error("The engine ends because of a bug. Please report this.", problem);
            }
            inbox.close(
                    new SlipwayException(
                            ErrorCode.NOT_LEADER, String.valueOf(problem.getMessage()), problem));
            onFailure.accept(problem);
        } finally {
            clocks.close();
        }
    }

    private void turn(List<Work> tasks) {
        var after = new ArrayList<Runnable>(tasks.size());
        try {
            Turn turn = turn();
            for (Work task : tasks) {
                switch (task) {
                    case Order<?> order -> after.add(answer(order, execute(order, turn)));
                    case Look<?> look -> after.add(() -> look(look));
                }
            }
            if (ports.authority().valid()) {
                core.lease(turn);
            }
            // What was appended nobody else has fenced.
            certain = commit() || ports.authority().valid();
        } catch (RuntimeException | Error problem) {
            var lost =
                    new SlipwayException(
                            ErrorCode.NOT_LEADER, String.valueOf(problem.getMessage()), problem);
            tasks.forEach(task -> task.lost(lost));
            throw problem;
        }
        after.forEach(SingleWriter::tell);
    }

    /// Whoever is told may be broken; the farm is not.
    private static void tell(Runnable word) {
        try {
            word.run();
        } catch (RuntimeException bug) {
            LOG.error("A receiver of the engine's answers failed. Please report this.", bug);
        }
    }

    /// A refusal, or "it is so already", comes out of the state alone: only whoever certainly leads
    /// may say it.
    private Runnable answer(Order<?> order, Runnable word) {
        return () -> {
            if (certain || !order.command.fromPeople()) {
                word.run();
            } else {
                order.lost(
                        new SlipwayException(
                                ErrorCode.NOT_LEADER, "it is not certain to lead any more"));
            }
        };
    }

    private <A> Runnable execute(Order<A> order, Turn turn) {
        Decision<A> decision;
        try {
            decision = core.decide(order.command, turn);
        } catch (RuntimeException bug) {
            if (!order.command.fromPeople()) {
                throw bug;
            }
            LOG.error("A request could not be decided on. Please report this as a bug.", bug);
            return () -> order.reply.refused(undecided(bug));
        }
        core.carryOut(order.command, decision, turn);
        return switch (decision) {
            case Decision.Accepted<A> accepted ->
                    () -> order.reply.accepted(accepted.answer(), position);
            case Decision.Refused<A> refused -> () -> order.reply.refused(refused.refusal());
        };
    }

    private static Refusal undecided(RuntimeException bug) {
        return new Refusal(
                ErrorCode.INTERNAL,
                "The request could not be decided on (%s). Please report this as a bug."
                        .formatted(bug));
    }

    /// Makes durable what has happened, and tells those who listen.
    ///
    /// @return whether anything has
    private boolean commit() {
        List<Event> events = core.takeEvents();
        if (events.isEmpty()) {
            return false;
        }
        long next = position + 1;
        journal.append(new Entry(next, epoch, events), core.state().takeChanges());
        position = next;
        for (EventListener listener : listeners) {
            tell(() -> listener.committed(next, events));
        }
        return true;
    }

    private <T> void look(Look<T> look) {
        T seen;
        try {
            seen = look.reader.apply(new View());
        } catch (RuntimeException bug) {
            look.reply.refused(
                    new Refusal(
                            ErrorCode.INTERNAL,
                            "Reading the farm's state failed (%s). Please report this as a bug."
                                    .formatted(bug)));
            return;
        }
        look.reply.accepted(seen, position);
    }

    private Turn turn() {
        Instant now = ports.clock().now().truncatedTo(ChronoUnit.MILLIS);
        Instant latest = core.state().time();
        return new Turn(
                now.isBefore(latest) ? latest : now, ports.clock().uptime(), epoch, position + 1);
    }

    private static <A> Order<A> order(Command<A> command) {
        return new Order<>(command, new IgnoringReply<>());
    }

    /// What others want of the engine.
    private sealed interface Work extends Inbox.Task {}

    /// A command with its reply.
    private record Order<A>(Command<A> command, Reply<A> reply) implements Work {
        @Override
        public void lost(RuntimeException cause) {
            reply.lost(cause);
        }

        @Override
        public void refused(Refusal refusal) {
            reply.refused(refusal);
        }
    }

    /// A read between two turns.
    private record Look<T>(Function<EngineView, T> reader, Reply<T> reply) implements Work {
        @Override
        public void lost(RuntimeException cause) {
            reply.lost(cause);
        }

        @Override
        public void refused(Refusal refusal) {
            reply.refused(refusal);
        }
    }

    /// For orders of the engine to itself.
    private static final class IgnoringReply<A> implements Reply<A> {
        @Override
        public void accepted(A answer, long position) {
            // Its events tell what it did.
        }

        @Override
        public void refused(Refusal refusal) {
            // It came too late, or the engine ends: both are fine.
        }
    }

    private final class View implements EngineView {
        @Override
        public FarmView farm() {
            return core.state();
        }

        @Override
        public List<AgentView> agents() {
            return core.agents().views(core.state(), leases, quarantine);
        }

        @Override
        public List<Explanation> explain(long run, String job) {
            return explainer.explain(run, job);
        }

        @Override
        public int queuedJobs() {
            return core.feed().scheduler().waiting();
        }

        @Override
        public int leasedJobs() {
            return core.feed().held();
        }
    }
}
