package dev.slipway.coordinator.model;

import dev.slipway.id.AttemptId;
import dev.slipway.id.JobId;

import java.time.Duration;
import java.util.List;

/// Everything that the engine can be ordered to do. A command may be refused; what follows from one
/// that is not is told by {@link Event}s. `A` is the answer to an accepted command.
///
/// Agents' connections ({@link AgentConnected}, {@link AgentChanged}, {@link AgentGone}) cause no
/// events of their own: they are true only as long as this process leads.
public sealed interface Command<A> {

    // -- People and scripts

    /// Queues one run. The same {@link RunSpec#clientToken} within 24 h makes one run.
    ///
    /// Refused with INVALID_WORKFLOW, UNSUPPORTED_WORKFLOW, INVALID_ARGUMENT.
    record SubmitRun(RunSpec spec) implements Command<Submitted> {}

    /// @param run the run's number
    /// @param existed an earlier submission with this token made it
    record Submitted(long run, boolean existed) {}

    /// Asks for a run, or one job of it, to be cancelled.
    ///
    /// Refused with RUN_NOT_FOUND, JOB_NOT_FOUND, RUN_ALREADY_FINISHED.
    ///
    /// @param job a job's key or name; empty means the whole run
    /// @param force kills what runs, at once, and lets nothing run that insists on it
    record CancelRun(long run, String job, String reason, String by, boolean force)
            implements Command<CancelAccepted> {}

    /// @param now false when as much had been asked before
    record CancelAccepted(boolean now) {}

    /// Runs jobs of a finished run again, as a new run attempt of it.
    ///
    /// Refused with RUN_NOT_FOUND, JOB_NOT_FOUND, RUN_NOT_FINISHED, INVALID_ARGUMENT (nothing to
    /// run again).
    ///
    /// @param job a job's key or name, for {@link RerunScope#JOB}
    /// @param clientToken makes a retried request one rerun; may be empty
    record RerunRun(long run, RerunScope scope, String job, String clientToken, String by)
            implements Command<Rerun> {}

    /// @param runAttempt the run attempt that was begun
    record Rerun(int runAttempt) {}

    /// No new jobs for an agent, until {@link ResumeAgent}; what it runs goes on. Kept over
    /// restarts. Refused with AGENT_NOT_FOUND.
    ///
    /// @param agent id or name
    record DrainAgent(String agent, String by) implements Command<Done> {}

    /// Takes a drain back, and ends a quarantine. Refused with AGENT_NOT_FOUND.
    record ResumeAgent(String agent, String by) implements Command<Done> {}

    // -- Notifications

    /// Says whom to tell of what; replaces a rule of that name.
    ///
    /// Refused with QUOTA_EXCEEDED.
    record SetNotificationRule(NotificationRule rule, String by) implements Command<Done> {}

    /// Refused with NOTIFICATION_NOT_FOUND.
    record RemoveNotificationRule(String rule, String by) implements Command<Done> {}

    /// Tries those again that were given up, or drops them.
    ///
    /// Refused with NOTIFICATION_NOT_FOUND.
    ///
    /// @param ids empty: all of them
    /// @param discard drops them
    record SettleNotifications(List<Long> ids, boolean discard, String by)
            implements Command<Settled> {
        public SettleNotifications {
            ids = List.copyOf(ids);
        }
    }

    record Settled(int notifications) {}

    /// What became of a try. Of one that is not waiting (any more) nothing follows.
    ///
    /// @param problem empty: its destination took it
    /// @param forGood another try would be in vain as well
    record NotificationTried(long id, String problem, boolean forGood) implements Command<Done> {}

    // -- Environments

    /// Says what protects an environment and what its jobs see; all of it at once.
    record ConfigureEnvironment(
            EnvironmentName name, String label, EnvironmentRules rules, String by)
            implements Command<EnvironmentState> {}

    /// Approves or rejects what waits for its environment. The same person counts once.
    ///
    /// Refused with RUN_NOT_FOUND, RUN_ALREADY_FINISHED, JOB_NOT_FOUND.
    ///
    /// @param job a job's key or name; empty means all that wait
    record ReviewJobs(long run, String job, boolean reject, String comment, String by)
            implements Command<Reviewed> {}

    /// @param jobs names of those that were reviewed
    record Reviewed(List<String> jobs) {
        public Reviewed {
            jobs = List.copyOf(jobs);
        }
    }

    /// Says that an environment does not serve as it should. An open incident with the same key is
    /// the same. Refused with ENVIRONMENT_NOT_FOUND, DEPLOYMENT_NOT_FOUND, QUOTA_EXCEEDED.
    ///
    /// @param number of the deployment that caused it; 0: the current one
    record OpenIncident(EnvironmentName name, long number, String key, String title, String by)
            implements Command<Incident> {}

    /// Refused with INCIDENT_NOT_FOUND.
    ///
    /// @param key names it when not empty
    record CloseIncident(long id, String key, String by) implements Command<Incident> {}

    // -- Artifacts and caches of attempts, and what is no longer kept

    /// Records an artifact whose content is held. The same again by the same attempt changes
    /// nothing; an earlier attempt's artifact gives way. Refused with ALREADY_EXISTS.
    ///
    /// @param wanted its id and times are given by the engine
    /// @param life how long it is kept
    /// @param overwrite whether an artifact of that name may be replaced
    record RecordArtifact(Artifact wanted, Duration life, boolean overwrite)
            implements Command<Artifact> {}

    /// Forgets those of these artifacts that have expired.
    record RemoveExpired(List<Artifact.Name> artifacts) implements Command<Removed> {
        public RemoveExpired {
            artifacts = List.copyOf(artifacts);
        }
    }

    /// Records a cache whose content is held, unless there is one of that name.
    record RecordCache(Cache.Name name, Artifact.Content manifest, long size)
            implements Command<Recorded> {}

    /// @param now false when there was one already
    record Recorded(boolean now) {}

    /// Forgets caches.
    record RemoveCaches(List<Cache.Name> caches) implements Command<Removed> {
        public RemoveCaches {
            caches = List.copyOf(caches);
        }
    }

    /// @param count how many there were to remove
    record Removed(int count) {}

    /// Removes runs that have finished, with all that is kept of them.
    record RemoveRuns(List<Long> runs) implements Command<RunsGone> {
        public RemoveRuns {
            runs = List.copyOf(runs);
        }
    }

    /// @param runs the finished ones among those asked for
    record RunsGone(List<Long> runs) {
        public RunsGone {
            runs = List.copyOf(runs);
        }
    }

    // -- Deployments of attempts

    /// Gives the deployment of a step its number, or the one that it has.
    ///
    /// Refused with STALE_ATTEMPT, INVALID_ARGUMENT (no environment), QUOTA_EXCEEDED,
    /// DEPLOYMENT_NOT_FOUND (a recovery that has nothing like it to finish).
    ///
    /// @param step path of the step
    /// @param environment empty: that of the job
    /// @param url empty when it is not known
    /// @param sealed see {@link Deployment#sealed}
    record BeginDeployment(
            AttemptId attempt,
            long epoch,
            String step,
            String environment,
            Deployment.Target target,
            String url,
            Bytes sealed)
            implements Command<Deployment> {}

    /// What an attempt says of a deployment of its job. The same again changes nothing.
    ///
    /// Refused with STALE_ATTEMPT, DEPLOYMENT_NOT_FOUND, INVALID_ARGUMENT.
    record ReportDeployment(
            AttemptId attempt, long epoch, String environment, long number, DeploymentReport report)
            implements Command<DeploymentReported> {}

    /// @param phase how far it is
    /// @param detail why, for people
    /// @param runningVersion empty when it is not known
    /// @param url empty when it is not known
    record DeploymentReport(
            Deployment.Phase phase, String detail, String runningVersion, String url) {}

    /// @param accepted false when the deployment has ended otherwise
    record DeploymentReported(boolean accepted) {}

    // -- Agents, through `sessions`

    /// An agent opened its session. Refused with AGENT_NAME_TAKEN.
    ///
    /// @param connection rises with every session of this process; a later one replaces an earlier
    record AgentConnected(AgentInfo agent, long connection) implements Command<Done> {}

    /// What a connected agent offers has changed. Ignored for another connection than the latest.
    record AgentChanged(AgentInfo agent, long connection) implements Command<Done> {}

    /// An agent's session has ended. Ignored for another connection than the latest.
    record AgentGone(String agentId, long connection) implements Command<Done> {}

    /// An agent reports an attempt.
    ///
    /// Refused with STALE_ATTEMPT when the attempt is not (or no longer) this agent's: it must
    /// forget it if {@link FarmView} knows its end, and abandon it otherwise.
    ///
    /// @param epoch of the token that the agent shows
    record ReportAttempt(String agentId, AttemptId attempt, long epoch, AttemptReport report)
            implements Command<Reported> {}

    /// @param revision the latest revision of this attempt that is durable
    /// @param finished its end is recorded: the agent may forget it
    record Reported(long revision, boolean finished) {}

    /// An agent that held an attempt says its whole state, and the attempt is not in it: its work
    /// directory or its machine's boot is another one. The attempt ends with INFRASTRUCTURE.
    ///
    /// @param detail what happened, for people
    record LoseAttempt(String agentId, AttemptId attempt, String detail) implements Command<Done> {}

    // -- The engine itself

    /// The leases of an agent may have ended. Checked again against when it was last heard.
    record ExpireLeases(String agentId) implements Command<Done> {}

    /// The quarantine of an agent may be over. Checked again.
    record EndQuarantine(String agentId) implements Command<Done> {}

    /// An attempt is long past its time-out although its agent is alive.
    record EndOverrun(AttemptId attempt) implements Command<Done> {}

    /// The wait timer of a job's environment may be over. Checked again.
    record EndWait(JobId job) implements Command<Done> {}

    /// Nothing to say but that it is done.
    record Done() {}

    /// Whether a person or a script sent it, with what they liked to put into it. If deciding on it
    /// fails, they are told; with a command of the farm's own that is a broken invariant.
    default boolean fromPeople() {
        return switch (this) {
            case SubmitRun _,
                    CancelRun _,
                    RerunRun _,
                    DrainAgent _,
                    ResumeAgent _,
                    ConfigureEnvironment _,
                    ReviewJobs _,
                    OpenIncident _,
                    CloseIncident _,
                    SetNotificationRule _,
                    RemoveNotificationRule _,
                    SettleNotifications _ ->
                    true;
            case RecordArtifact _,
                    RecordCache _,
                    RemoveRuns _,
                    RemoveExpired _,
                    RemoveCaches _,
                    BeginDeployment _,
                    ReportDeployment _,
                    AgentConnected _,
                    AgentChanged _,
                    AgentGone _,
                    ReportAttempt _,
                    LoseAttempt _,
                    ExpireLeases _,
                    EndOverrun _,
                    EndQuarantine _,
                    EndWait _,
                    NotificationTried _ ->
                    false;
        };
    }
}
