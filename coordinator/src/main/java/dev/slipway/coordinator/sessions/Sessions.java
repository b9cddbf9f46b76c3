package dev.slipway.coordinator.sessions;

import dev.slipway.agent.v1.Pace;
import dev.slipway.coordinator.engine.Authority;
import dev.slipway.coordinator.engine.Engine;
import dev.slipway.coordinator.engine.EventListener;
import dev.slipway.coordinator.logs.LogStore;
import dev.slipway.coordinator.model.AttemptState;
import dev.slipway.coordinator.model.Cause;
import dev.slipway.coordinator.model.Event;
import dev.slipway.coordinator.model.FarmView;
import dev.slipway.error.SlipwayException;
import dev.slipway.id.AttemptId;
import dev.slipway.time.Clock;
import dev.slipway.time.Threads;
import dev.slipway.time.Timers;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicLong;

/// All connected agents. Hears what was committed and lets the sessions of the agents that it
/// concerns tell them.
public final class Sessions implements EventListener, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Sessions.class);

    private final Parts parts;
    private final Grants grants = new Grants();
    private final Map<String, Session> current = new ConcurrentHashMap<>();

    /// A new leader shall not be busy with greetings only.
    private static final Duration BETWEEN_RECONNECTS = Duration.ofMillis(4);

    /// While nobody leads agents ask again and again.
    private static final Duration LEAST_WINDOW = Duration.ofMillis(100);

    /// By the order in which they were opened.
    private final Map<Long, Session> open = new ConcurrentSkipListMap<>();

    private final AtomicLong opened = new AtomicLong();

    /// Guarded by `current`.
    private long connections;

    private final Actor closer;
    private volatile boolean closed;
    private Timers.@Nullable Timer sweep;

    /// What sessions are made of.
    ///
    /// @param unreachableAfter silence after which an agent gets no new jobs
    public record Parts(
            Engine engine,
            LogStore logs,
            Authority authority,
            Intervals intervals,
            Duration unreachableAfter,
            Clock clock,
            Timers timers,
            Threads threads) {}

    /// What agents are told about time.
    ///
    /// @param reconnectWindow at most
    public record Intervals(
            Duration heartbeat, Duration leaseTtl, Duration reconnectWindow, Duration killGrace) {}

    public Sessions(Parts parts) {
        this.parts = parts;
        this.closer = new Actor("slipway-log-closer", parts.threads(), 0);
    }

    /// Begins to listen; before the first {@link #open}.
    public void start() throws InterruptedException {
        parts.engine().listen(this);
        parts.engine()
                .read(
                        view -> {
                            grants.restore(view.farm());
                            return ended(view.farm());
                        })
                .forEach(attempt -> closeLog(attempt.id(), attempt.cause(), attempt.causeDetail()));
        scheduleSweep();
    }

    /// Attempts whose logs a coordinator may have left open when it ended.
    private static List<AttemptState> ended(FarmView farm) {
        return farm.runs().stream()
                .flatMap(run -> farm.attempts(run.number()).stream())
                .filter(AttemptState::finished)
                .toList();
    }

    /// A new connection of an agent that has not said anything yet.
    public Session open(AgentLink link) {
        long number = opened.incrementAndGet();
        var session = new Session(this, link, number);
        open.put(number, session);
        if (closed) {
            session.deposed();
        }
        return session;
    }

    /// A new log stream.
    public LogIntake openLog(LogLink link) {
        var intake =
                new LogIntake(
                        parts.logs(),
                        grants,
                        parts.authority(),
                        parts.engine().farmId(),
                        link,
                        restored());
        intake.open();
        return intake;
    }

    RestoredLogs restored() {
        return new RestoredLogs(parts.engine().epoch(), parts.clock());
    }

    /// Who may act for which attempt.
    public Grants grants() {
        return grants;
    }

    /// How many agents are connected.
    public int connected() {
        return current.size();
    }

    @Override
    public void committed(long position, List<Event> events) {
        var agents = new HashSet<String>();
        for (Event event : events) {
            concerns(event, agents);
        }
        for (String agent : agents) {
            Session session = current.get(agent);
            if (session != null) {
                session.refresh();
            }
        }
    }

    private void concerns(Event event, Set<String> agents) {
        switch (event) {
            case Event.JobLeased leased -> {
                grants.leased(leased.attempt(), leased.lease());
                agents.add(leased.lease().agentId());
            }
            case Event.AttemptFinished finished -> {
                grants.finished(finished.attempt()).ifPresent(held -> agents.add(held.agentId()));
                closeLog(finished.attempt(), finished.end().cause(), finished.end().detail());
            }
            case Event.LeaseLost lost ->
                    grants.of(lost.attempt()).ifPresent(held -> agents.add(held.agentId()));
            case Event.JobCancelRequested cancel ->
                    grants.ofJob(cancel.job()).forEach(held -> agents.add(held.agentId()));
            case Event.RunCancelRequested cancel ->
                    grants.ofRun(cancel.run()).forEach(held -> agents.add(held.agentId()));
            case Event.AgentDrained drained -> agents.add(drained.agentId());
            case Event.AgentResumed resumed -> agents.add(resumed.agentId());
            case Event.EpochRaised _,
                    Event.EnvironmentConfigured _,
                    Event.IncidentOpened _,
                    Event.IncidentClosed _,
                    Event.OfNotification _,
                    Event.JobApproved _,
                    Event.DeploymentBegun _,
                    Event.DeploymentChanged _,
                    Event.ArtifactRecorded _,
                    Event.ArtifactsRemoved _,
                    Event.CacheRecorded _,
                    Event.CachesRemoved _,
                    Event.RunsRemoved _,
                    Event.RunQueued _,
                    Event.RunSeated _,
                    Event.RunFinished _,
                    Event.RunReopened _,
                    Event.JobAdded _,
                    Event.JobPlanned _,
                    Event.JobBlocked _,
                    Event.JobSeated _,
                    Event.JobQueued _,
                    Event.CallStarted _,
                    Event.JobRetried _,
                    Event.JobRecovering _,
                    Event.JobFinished _,
                    Event.AttemptStarted _,
                    Event.StepStarted _,
                    Event.StepFinished _,
                    Event.AnnotationAdded _,
                    Event.SummaryAdded _,
                    Event.TestsReported _,
                    Event.CancelAcknowledged _ -> {}
        }
    }

    /// An end that the agent did not report leaves a log that nobody will end.
    private void closeLog(AttemptId attempt, @Nullable Cause cause, String detail) {
        if (cause != Cause.SUCCESS) {
            String why = detail.isEmpty() ? "the attempt ended" : detail;
            closer.tell(() -> close(attempt, why));
        }
    }

    private void close(AttemptId attempt, String cause) {
        try {
            parts.logs().closeIncomplete(attempt, cause);
        } catch (SlipwayException problem) {
            // What is left open is closed when a coordinator begins to lead the next time.
            LOG.warn("A log stays open. attempt={} why={}", attempt, problem.getMessage());
        }
    }

    private void scheduleSweep() {
        if (!closed) {
            sweep = parts.timers().after(parts.unreachableAfter().dividedBy(3), this::sweep);
        }
    }

    private void sweep() {
        Duration now = parts.clock().uptime();
        for (Session session : current.values()) {
            session.checkSilence(now, parts.unreachableAfter());
            session.checkOverdue();
        }
        scheduleSweep();
    }

    Parts parts() {
        return parts;
    }

    Pace pace() {
        return Pace.newBuilder()
                .setHeartbeatIntervalMs(parts.intervals().heartbeat().toMillis())
                .setLeaseTtlMs(parts.intervals().leaseTtl().toMillis())
                .setReconnectWindowMs(reconnectWindow().toMillis())
                .setKillGraceMs(parts.intervals().killGrace().toMillis())
                .build();
    }

    /// The few agents of a small farm come back at once, many one after the other.
    private Duration reconnectWindow() {
        Duration longest = parts.intervals().reconnectWindow();
        Duration spread = BETWEEN_RECONNECTS.multipliedBy(connected());
        Duration window = spread.compareTo(LEAST_WINDOW) < 0 ? LEAST_WINDOW : spread;
        return window.compareTo(longest) > 0 ? longest : window;
    }

    /// A session takes an agent over from whichever had it. Its number rises in the order in which
    /// that happens: so the engine, which may hear of two of them in any order, agrees with this
    /// class on who came last.
    ///
    /// @return the connection's number
    long joined(String agentId, Session session) {
        long connection;
        Session before;
        synchronized (current) {
            connection = ++connections;
            before = current.put(agentId, session);
        }
        if (before != null && before != session) {
            before.replaced();
        }
        return connection;
    }

    void over(long number) {
        open.remove(number);
    }

    /// @return whether that session still was the agent's
    boolean left(String agentId, Session session) {
        return current.remove(agentId, session);
    }

    /// Ends all connections: the agents look for the next leader.
    @Override
    public void close() {
        closed = true;
        if (sweep != null) {
            sweep.cancel();
        }
        open.values().forEach(Session::deposed);
    }
}
