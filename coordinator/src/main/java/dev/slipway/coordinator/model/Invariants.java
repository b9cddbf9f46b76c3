package dev.slipway.coordinator.model;

import dev.slipway.id.AttemptId;
import dev.slipway.id.JobId;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/// Checks the promises of the farm ({@link Invariant}) that its events and its state show, after
/// every step. It keeps books of its own, so that a mistake in {@link FarmState} cannot hide
/// itself. For one thread.
public final class Invariants {
    private final Map<JobId, AttemptId> live = new TreeMap<>();
    private final Set<AttemptId> lost = new HashSet<>();
    private final Map<AttemptId, Cause> ended = new HashMap<>();
    private final Set<JobId> finishedJobs = new HashSet<>();
    private final Set<JobId> cancelledJobs = new HashSet<>();
    private final Map<JobId, Integer> attempts = new HashMap<>();
    private final Map<Long, Set<JobId>> jobsOfRun = new HashMap<>();
    private final Set<Long> finishedRuns = new HashSet<>();
    private final Set<JobId> rerun = new HashSet<>();
    private final Set<JobId> recovering = new HashSet<>();
    private final Map<JobId, Integer> callAround = new HashMap<>();
    private final Map<EnvironmentName, Long> numbers = new HashMap<>();
    private final Map<Deployment.Name, Deployment> deployments = new HashMap<>();
    private long epoch;
    private Instant time = Instant.MIN;

    /// Looks at the next event of the farm's history.
    ///
    /// @throws Invariant.Broken when a promise is broken
    public void observe(Event event) {
        require(Invariant.TIME_NEVER_GOES_BACK, !event.at().isBefore(time), event);
        time = event.at();
        if (event instanceof Event.OfRun ofRun
                && !(event instanceof Event.RunQueued)
                && !(event instanceof Event.RunReopened)) {
            require(Invariant.FINISHED_IS_FINAL, !finishedRuns.contains(ofRun.run()), event);
        }
        switch (event) {
            case Event.EpochRaised e -> {
                require(Invariant.EPOCH_NEVER_GOES_BACK, e.epoch() > epoch, e);
                epoch = e.epoch();
            }
            case Event.JobAdded e -> added(e.job(), e.node());
            case Event.JobPlanned e -> added(e.job(), e.node());
            case Event.JobCancelRequested e -> {
                require(Invariant.FINISHED_IS_FINAL, !finishedJobs.contains(e.job()), e);
                cancelledJobs.add(e.job());
            }
            case Event.JobRecovering e -> recovering(e);
            case Event.JobLeased e -> leased(e);
            case Event.LeaseLost e -> {
                require(Invariant.ONE_LIVE_LEASE_PER_JOB, e.attempt().equals(live.get(e.job())), e);
                live.remove(e.job());
                lost.add(e.attempt());
            }
            case Event.DeploymentBegun e -> begun(e);
            case Event.DeploymentChanged e -> changed(e);
            case Event.AttemptFinished e -> attemptFinished(e);
            case Event.JobFinished e -> jobFinished(e);
            case Event.RunFinished e -> runFinished(e);
            case Event.RunReopened e -> reopened(e);
            case Event.OfAttempt e ->
                    require(Invariant.FINISHED_IS_FINAL, !ended.containsKey(e.attempt()), e);
            default -> {
                // Promises nothing.
            }
        }
    }

    /// Compares the state with the books.
    ///
    /// @throws Invariant.Broken when they differ
    public void check(FarmView farm) {
        for (RunState run : farm.runs()) {
            Set<JobId> seen = new HashSet<>();
            for (JobState job : farm.jobs(run.number())) {
                seen.add(job.id());
                check(farm, run, job);
            }
            if (!seen.equals(jobs(run.number()))) {
                throw Invariant.NO_JOB_LOST.broken("run %d lacks jobs".formatted(run.number()));
            }
        }
        for (AttemptId attempt : live.values()) {
            if (farm.attempt(attempt).filter(AttemptState::live).isEmpty()) {
                throw Invariant.ONE_LIVE_LEASE_PER_JOB.broken(
                        attempt + " is live but not in the state");
            }
        }
    }

    /// Everything that was submitted must have ended by now.
    ///
    /// @throws Invariant.Broken when something has not
    public void checkAllEnded(FarmView farm) {
        if (!farm.runs().isEmpty() || !live.isEmpty()) {
            throw Invariant.NO_JOB_LOST.broken(
                    "runs %s have not ended, attempts %s are live"
                            .formatted(
                                    farm.runs().stream().map(RunState::number).toList(),
                                    live.values()));
        }
    }

    private void check(FarmView farm, RunState run, JobState job) {
        boolean onAgent = job.status().onAgent() && !job.isCall();
        if (onAgent != live.containsKey(job.id())) {
            throw Invariant.ONE_LIVE_LEASE_PER_JOB.broken(
                    "%s is %s, its live attempt is %s"
                            .formatted(job.id(), job.status(), live.get(job.id())));
        }
        if (job.finished() != finishedJobs.contains(job.id())) {
            throw Invariant.FINISHED_IS_FINAL.broken(job.id() + " is " + job.status());
        }
        if (job.cancelRequested() && job.status() == Status.QUEUED) {
            throw Invariant.CANCEL_IS_HONOURED.broken(job.id() + " is queued although cancelled");
        }
        Seat seat = job.seat();
        if (seat != null) {
            boolean holds =
                    farm.holder(run.head().project(), seat.concurrency().group())
                            .filter(Occupant.of(job.id())::equals)
                            .isPresent();
            boolean active = onAgent || job.status() == Status.QUEUED;
            if (holds != seat.held() || active && !seat.held()) {
                throw Invariant.ONE_HOLDER_PER_GROUP.broken("%s with %s".formatted(job.id(), seat));
            }
        }
    }

    private void begun(Event.DeploymentBegun event) {
        Deployment deployment = event.deployment();
        long before = numbers.getOrDefault(deployment.environment(), 0L);
        require(Invariant.DEPLOYMENTS_COUNT, deployment.number() == before + 1, event);
        numbers.put(deployment.environment(), deployment.number());
        deployments.put(deployment.name(), deployment);
    }

    private void changed(Event.DeploymentChanged event) {
        Deployment before = deployments.put(event.deployment().name(), event.deployment());
        require(
                Invariant.DEPLOYMENT_ENDS_ONCE,
                before != null
                        && !before.ended()
                        && event.deployment().phase().number() >= before.phase().number(),
                event);
    }

    /// Only what was left in flight is recovered, which may take back a cancel: what starts after
    /// it undoes.
    private void recovering(Event.JobRecovering event) {
        JobId job = event.job();
        boolean inFlight =
                deployments.values().stream()
                        .filter(known -> known.origin().attempt().job().equals(job))
                        .anyMatch(Deployment::inFlight);
        require(Invariant.RETRY_HAS_A_CAUSE, inFlight, event);
        require(Invariant.FINISHED_IS_FINAL, !finishedJobs.contains(job), event);
        cancelledJobs.remove(job);
        recovering.add(job);
    }

    /// A run that has ended has no deployment under way.
    private void checkDeployments(long run) {
        for (Deployment deployment : deployments.values()) {
            if (deployment.origin().attempt().run() == run && !deployment.ended()) {
                throw Invariant.DEPLOYMENT_ENDS_ONCE.broken(
                        "run %d ended with %s".formatted(run, deployment));
            }
        }
    }

    private void leased(Event.JobLeased event) {
        JobId job = event.job();
        require(Invariant.ATTEMPTS_NEVER_OVERLAP, !live.containsKey(job), event);
        require(Invariant.FINISHED_IS_FINAL, !finishedJobs.contains(job), event);
        require(Invariant.CANCEL_IS_HONOURED, !cancelledJobs.contains(job), event);
        require(Invariant.EPOCH_NEVER_GOES_BACK, event.lease().epoch() == epoch, event);
        int before = attempts.getOrDefault(job, 0);
        require(Invariant.ATTEMPTS_COUNT, event.attempt().number() == before + 1, event);
        if (before > 0) {
            Cause cause = ended.get(job.attempt(before));
            boolean again = rerun.remove(job) || recovering.remove(job);
            require(Invariant.ATTEMPTS_NEVER_OVERLAP, cause != null, event);
            require(
                    Invariant.RETRY_HAS_A_CAUSE,
                    again || cause != null && cause.retryable(),
                    event);
        }
        rerun.remove(job);
        attempts.put(job, event.attempt().number());
        live.put(job, event.attempt());
    }

    private void attemptFinished(Event.AttemptFinished event) {
        AttemptId id = event.attempt();
        require(Invariant.FINISHED_IS_FINAL, !ended.containsKey(id), event);
        require(
                Invariant.ONE_LIVE_LEASE_PER_JOB,
                id.equals(live.get(id.job())) || lost.contains(id),
                event);
        live.remove(id.job(), id);
        ended.put(id, event.end().cause());
    }

    private void jobFinished(Event.JobFinished event) {
        JobId job = event.job();
        require(Invariant.FINISHED_IS_FINAL, finishedJobs.add(job), event);
        require(Invariant.ATTEMPTS_NEVER_OVERLAP, !live.containsKey(job), event);
        int number = attempts.getOrDefault(job, 0);
        require(
                Invariant.NO_ATTEMPT_LEFT_OPEN,
                number == 0 || ended.containsKey(job.attempt(number)),
                event);
    }

    private void runFinished(Event.RunFinished event) {
        var open = new ArrayList<JobId>();
        for (JobId job : jobs(event.run())) {
            if (!finishedJobs.contains(job)) {
                open.add(job);
            }
        }
        if (!open.isEmpty()) {
            throw Invariant.NO_JOB_LOST.broken("%s came while %s were open".formatted(event, open));
        }
        finishedRuns.add(event.run());
        checkDeployments(event.run());
    }

    private void reopened(Event.RunReopened event) {
        require(Invariant.FINISHED_IS_FINAL, finishedRuns.remove(event.run()), event);
        var again = new ArrayList<>(event.again());
        again.addAll(event.replanned());
        for (int ordinal : again) {
            JobId job = new JobId(event.run(), ordinal);
            finishedJobs.remove(job);
            cancelledJobs.remove(job);
            rerun.add(job);
        }
        for (int ordinal : again) {
            Integer call = callAround.get(new JobId(event.run(), ordinal));
            while (call != null && call > 0) {
                JobId around = new JobId(event.run(), call);
                finishedJobs.remove(around);
                cancelledJobs.remove(around);
                call = callAround.get(around);
            }
        }
    }

    private void added(JobId job, JobNode node) {
        jobs(job.run()).add(job);
        callAround.put(job, node.parent());
    }

    private Set<JobId> jobs(long run) {
        return jobsOfRun.computeIfAbsent(run, number -> new HashSet<>());
    }

    private static void require(Invariant invariant, boolean holds, Event event) {
        if (!holds) {
            throw invariant.broken(event.toString());
        }
    }
}
