package dev.slipway.coordinator.model;

import dev.slipway.id.AttemptId;
import dev.slipway.id.JobId;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;

/// Everything that can have happened in the farm. Events are stored for ever and never change
/// meaning; {@link FarmState#apply} is their only reader that changes anything.
///
/// All times, ids and choices are in the event: applying it again gives the same state.
public sealed interface Event {
    /// When it happened, by the coordinator's clock, which never goes back from event to event.
    Instant at();

    /// An event of a run.
    sealed interface OfRun extends Event {
        long run();
    }

    /// An event of a job.
    sealed interface OfJob extends OfRun {
        JobId job();

        @Override
        default long run() {
            return job().run();
        }
    }

    /// An event of an attempt.
    sealed interface OfAttempt extends OfJob {
        AttemptId attempt();

        @Override
        default JobId job() {
            return attempt().job();
        }
    }

    // -- The farm

    /// A coordinator began to serve.
    record EpochRaised(String farmId, long epoch, Instant at) implements Event {}

    /// An operator wants no new jobs on an agent.
    record AgentDrained(String agentId, String by, Instant at) implements Event {}

    /// An operator took the drain back.
    record AgentResumed(String agentId, String by, Instant at) implements Event {}

    // -- What is kept beside the runs

    /// An attempt left an artifact; one of that name that the run had before is replaced.
    record ArtifactRecorded(Artifact artifact, Instant at) implements Event {}

    /// Artifacts are gone, because they expired.
    record ArtifactsRemoved(List<Artifact.Name> names, Instant at) implements Event {
        public ArtifactsRemoved {
            names = List.copyOf(names);
        }
    }

    /// An attempt kept a cache.
    record CacheRecorded(Cache cache, Instant at) implements Event {}

    /// Caches are gone: nobody used them, or their space was needed.
    record CachesRemoved(List<Cache.Name> names, Instant at) implements Event {
        public CachesRemoved {
            names = List.copyOf(names);
        }
    }

    /// Finished runs are gone with all their records and artifacts, because they need not be kept
    /// any longer.
    record RunsRemoved(List<Long> runs, Instant at) implements Event {
        public RunsRemoved {
            runs = List.copyOf(runs);
        }
    }

    // -- Deployments

    /// A deployment got its number.
    ///
    /// @param commits since the one that it replaces, newest first
    record DeploymentBegun(Deployment deployment, List<Commit> commits, Instant at)
            implements Event {
        public DeploymentBegun {
            commits = List.copyOf(commits);
        }
    }

    /// More is known of a deployment, or it is further on; this is what it is now.
    record DeploymentChanged(Deployment deployment, Instant at) implements Event {}

    /// An operator said what protects an environment and what its jobs see.
    record EnvironmentConfigured(
            EnvironmentName name, String label, EnvironmentRules rules, String by, Instant at)
            implements Event {}

    /// Somebody outside says that an environment does not serve as it should.
    record IncidentOpened(Incident incident, Instant at) implements Event {}

    /// It does again.
    record IncidentClosed(Incident incident, Instant at) implements Event {}

    // -- Notifications

    /// An event of notifications.
    sealed interface OfNotification extends Event {}

    /// An operator said whom to tell of what; a rule of that name is replaced.
    record NotificationRuleSet(NotificationRule rule, String by, Instant at)
            implements OfNotification {}

    /// An operator took a rule away, with all that it owed.
    record NotificationRuleRemoved(String rule, String by, Instant at) implements OfNotification {}

    /// A rule owes a message for what happened just before.
    record NotificationQueued(Notification notification, Instant at) implements OfNotification {}

    /// A rule tells nobody of what happened just before: too much is kept.
    record NotificationDropped(String rule, String key, Instant at) implements OfNotification {}

    /// Its destination took it.
    record NotificationDelivered(long id, Instant at) implements OfNotification {}

    /// A try was in vain.
    ///
    /// @param dead it was the last one
    record NotificationFailed(long id, String problem, boolean dead, Instant at)
            implements OfNotification {}

    /// An operator wants those that were given up to be tried again.
    record NotificationsReplayed(List<Long> ids, String by, Instant at) implements OfNotification {
        public NotificationsReplayed {
            ids = List.copyOf(ids);
        }
    }

    /// Those that were given up are gone.
    record NotificationsDiscarded(List<Long> ids, String by, Instant at) implements OfNotification {
        public NotificationsDiscarded {
            ids = List.copyOf(ids);
        }
    }

    /// A run failed on a line that had not been failing.
    record LineBroken(Notification.Line line, long run, Instant at) implements OfNotification {}

    /// A run succeeded on a line that had been failing.
    record LineMended(Notification.Line line, long run, Instant at) implements OfNotification {}

    // -- Runs

    /// A run was submitted. With a concurrency group in its head it waits for that group's seat
    /// until {@link RunSeated}.
    record RunQueued(RunHead head, RunSpec spec, Instant at) implements OfRun {
        @Override
        public long run() {
            return head.number();
        }
    }

    /// A run got its workflow's concurrency group for itself.
    record RunSeated(long run, Instant at) implements OfRun {}

    /// A run's cancel was accepted; what it runs is asked to end.
    record RunCancelRequested(long run, CancelRequest cancel) implements OfRun {
        @Override
        public Instant at() {
            return cancel.at();
        }
    }

    /// The last job of a run has ended.
    record RunFinished(long run, Conclusion conclusion, String message, Instant at)
            implements OfRun {}

    /// A finished run begins its next run attempt. Calls around the jobs that run again are under
    /// way again; all other jobs keep their results.
    ///
    /// @param again ordinals of the jobs that run again as they were planned
    /// @param replanned ordinals of the jobs that wait and are planned again, because something
    ///   that they need runs again
    record RunReopened(
            long run,
            int runAttempt,
            List<Integer> again,
            List<Integer> replanned,
            String clientToken,
            String by,
            Instant at)
            implements OfRun {
        public RunReopened {
            again = List.copyOf(again);
            replanned = List.copyOf(replanned);
        }
    }

    // -- Jobs

    /// A job came into being and waits for what it needs.
    record JobAdded(JobId job, JobNode node, String name, Instant at) implements OfJob {}

    /// What a job needs is done: it is planned.
    record JobPlanned(JobId job, JobNode node, JobPlan plan, Instant at) implements OfJob {}

    /// Something holds a planned job back. With {@link Hold#CONCURRENCY} it stands in the line for
    /// its concurrency group from now on, until {@link JobSeated}.
    record JobBlocked(JobId job, Hold by, Instant at) implements OfJob {}

    /// A job got its concurrency group for itself.
    record JobSeated(JobId job, Instant at) implements OfJob {}

    /// Somebody approved a job's deployment to its environment.
    record JobApproved(JobId job, String by, String comment, Instant at) implements OfJob {}

    /// A job is ready for an agent.
    record JobQueued(JobId job, Instant at) implements OfJob {}

    /// A call began: the jobs of the called workflow come into being.
    record CallStarted(JobId job, Instant at) implements OfJob {}

    /// A job's cancel was accepted.
    record JobCancelRequested(JobId job, CancelRequest cancel) implements OfJob {
        @Override
        public Instant at() {
            return cancel.at();
        }
    }

    /// A job goes back to the queue after an infrastructure cause.
    ///
    /// @param avoid agents to avoid if others fit
    record JobRetried(JobId job, List<String> avoid, Instant at) implements OfJob {
        public JobRetried {
            avoid = List.copyOf(avoid);
        }
    }

    /// An attempt left deployments in flight: the job's next one only finishes them.
    record JobRecovering(JobId job, Recovery recovery, Instant at) implements OfJob {}

    /// A job has ended.
    ///
    /// @param message why, if no attempt says it: skipped, invalid, cancelled before it ran
    record JobFinished(
            JobId job,
            Conclusion conclusion,
            String message,
            SortedMap<String, String> outputs,
            String environmentUrl,
            Instant at)
            implements OfJob {
        public JobFinished {
            outputs = RunSpec.sorted(outputs);
        }
    }

    // -- Attempts

    /// A job was given to an agent: an attempt came into being.
    record JobLeased(AttemptId attempt, AttemptReason reason, Lease lease) implements OfAttempt {
        @Override
        public Instant at() {
            return lease.at();
        }
    }

    /// The agent began to work on it.
    ///
    /// @param startedAt by the agent's clock
    record AttemptStarted(AttemptId attempt, Instant startedAt, Instant at) implements OfAttempt {}

    /// A step started, or is known for the first time.
    record StepStarted(AttemptId attempt, StepState step, Instant at) implements OfAttempt {}

    /// A step ended.
    record StepFinished(AttemptId attempt, StepState step, Instant at) implements OfAttempt {}

    record AnnotationAdded(AttemptId attempt, Annotation annotation, Instant at)
            implements OfAttempt {}

    /// A step's summary was written or replaced.
    record SummaryAdded(AttemptId attempt, int step, String markdown, Instant at)
            implements OfAttempt {}

    /// Test results were reported or replaced.
    record TestsReported(AttemptId attempt, TestReport tests, Instant at) implements OfAttempt {}

    /// The agent acts on a cancel.
    ///
    /// @param acknowledgedAt by the agent's clock
    record CancelAcknowledged(AttemptId attempt, Instant acknowledgedAt, Instant at)
            implements OfAttempt {}

    /// The lease ended without word from the agent and the job may be given to another one. The
    /// attempt itself ends when that happens, or when its late result arrives first.
    record LeaseLost(AttemptId attempt, List<String> avoid, Instant at) implements OfAttempt {
        public LeaseLost {
            avoid = List.copyOf(avoid);
        }
    }

    /// An attempt has ended.
    record AttemptFinished(AttemptId attempt, AttemptEnd end, Instant at) implements OfAttempt {}

    /// The run that an event belongs to, if it belongs to one.
    static Optional<Long> runOf(Event event) {
        return event instanceof OfRun ofRun ? Optional.of(ofRun.run()) : Optional.empty();
    }
}
