package dev.slipway.coordinator.engine;

import dev.slipway.coordinator.model.AgentInfo;
import dev.slipway.coordinator.model.AttemptState;
import dev.slipway.coordinator.model.Event;
import dev.slipway.coordinator.model.FarmView;
import dev.slipway.coordinator.model.JobState;
import dev.slipway.coordinator.model.Lease;
import dev.slipway.coordinator.model.Recovery;
import dev.slipway.coordinator.model.RunState;
import dev.slipway.coordinator.model.Status;
import dev.slipway.coordinator.schedule.Placement;
import dev.slipway.coordinator.schedule.ReadyJob;
import dev.slipway.coordinator.schedule.Scheduler;
import dev.slipway.id.AttemptId;
import dev.slipway.id.JobId;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/// Keeps the scheduler's view of jobs and slots right, and turns its placements into leases.
final class SchedulerFeed {
    private final FarmView farm;
    private final Agents agents;
    private final Quarantine quarantine;
    private final Scheduler scheduler;
    private final Duration leaseTtl;
    private int held;

    SchedulerFeed(FarmView farm, Agents agents, Quarantine quarantine, EngineSettings settings) {
        this.farm = farm;
        this.agents = agents;
        this.quarantine = quarantine;
        this.scheduler = new Scheduler(settings.agingStep());
        this.leaseTtl = settings.leaseTtl();
    }

    Scheduler scheduler() {
        return scheduler;
    }

    /// How many jobs agents hold.
    int held() {
        return held;
    }

    /// After a start: what waits and what is held.
    void restore(Turn turn) {
        for (RunState run : farm.runs()) {
            for (JobState job : farm.jobs(run.number())) {
                if (job.status() == Status.QUEUED) {
                    ready(job, turn);
                } else if (job.status().onAgent() && !job.isCall()) {
                    held++;
                }
            }
        }
    }

    /// An event was applied.
    void applied(Event event, Turn turn) {
        switch (event) {
            case Event.JobQueued e -> ready(job(e.job()), turn);
            case Event.JobRetried e -> ready(job(e.job()), turn);
            case Event.LeaseLost e -> {
                released(e.attempt());
                ready(job(e.job()), turn);
            }
            case Event.JobFinished e -> scheduler.jobGone(e.job());
            case Event.JobLeased e -> held++;
            case Event.AttemptFinished e -> {
                if (!attempt(e.attempt()).lost()) {
                    released(e.attempt());
                }
            }
            case Event.AgentDrained e -> agentChanged(e.agentId());
            case Event.AgentResumed e -> agentChanged(e.agentId());
            default -> {
                // Nothing that waits or holds a slot changed.
            }
        }
    }

    /// An agent came, went, or offers something else.
    void agentChanged(String agentId) {
        AgentInfo info = agents.info(agentId);
        if (info == null) {
            scheduler.agentGone(agentId);
            return;
        }
        boolean available =
                agents.connected(agentId)
                        && info.takesJobs()
                        && !farm.drains().containsKey(agentId)
                        && quarantine.reason(agentId).isEmpty();
        scheduler.agentChanged(info.addressable(), available);
        for (AttemptId id : farm.attemptsOf(agentId)) {
            if (attempt(id).live()) {
                scheduler.occupied(agentId, id.job(), project(id.run()));
            }
        }
    }

    /// Leases for all jobs that fit a free slot now. The scheduler counts them as held already.
    List<Event> lease(Turn turn) {
        var events = new ArrayList<Event>();
        for (Placement placement : scheduler.place()) {
            JobState job = job(placement.job());
            AgentInfo agent = Objects.requireNonNull(agents.info(placement.agentId()));
            events.addAll(LostAttempts.end(farm, job, turn));
            events.add(
                    new Event.JobLeased(
                            job.id().attempt(job.attempts() + 1),
                            job.reason(),
                            new Lease(
                                    agent.id(),
                                    agent.name(),
                                    agent.bootId(),
                                    turn.epoch(),
                                    leaseTtl,
                                    turn.now())));
        }
        return events;
    }

    private void ready(JobState job, Turn turn) {
        RunState run = farm.run(job.id().run()).orElseThrow();
        Instant since = job.queuedAt() == null ? turn.now() : job.queuedAt();
        Duration waited = Duration.between(since, turn.now());
        scheduler.jobReady(
                new ReadyJob(
                        job.id(),
                        run.head().project(),
                        labels(job),
                        run.head().priority(),
                        turn.uptime().minus(waited),
                        Set.copyOf(job.avoid())));
    }

    private static List<String> labels(JobState job) {
        Recovery recovery = job.recovery();
        return recovery != null && recovery.isBound()
                ? List.of(AgentInfo.address(recovery.agent()))
                : job.plan().runsOn();
    }

    private void released(AttemptId id) {
        held--;
        scheduler.released(attempt(id).lease().agentId(), id.job());
    }

    private String project(long run) {
        return farm.run(run).orElseThrow().head().project();
    }

    private JobState job(JobId id) {
        return farm.job(id).orElseThrow();
    }

    private AttemptState attempt(AttemptId id) {
        return farm.attempt(id).orElseThrow();
    }
}
