package dev.slipway.agent.runner;

import dev.slipway.id.AttemptId;

import java.time.Duration;
import java.util.List;

/// The attempts that this agent holds: what the session is told to do with them and what it tells
/// about them. All methods are idempotent, return without waiting for steps, and may be called from
/// one thread only (the session's).
public interface Attempts {
    /// All attempts, those with a result that is not forgotten yet included.
    List<AttemptView> views();

    /// Runs an attempt; one that was found on disk goes on.
    void run(Token token);

    /// Ends an attempt: later steps run only if their condition says so.
    void cancel(Token token, String reason);

    /// Kills an attempt at once; no further step runs. Its end is kept as its result.
    void abandon(AttemptId attempt, String reason);

    /// Deletes all of an attempt, killing what still runs.
    void forget(AttemptId attempt);

    /// Lets the confirmed attempts live until `endsAt` on the agent's uptime clock.
    void renewLeases(Duration endsAt);

    /// Kills what the lease no longer covers: it is called when the lease has ended.
    void leaseEnded();

    /// Calls `listener` after every change of a view, from any thread.
    void onChange(Runnable listener);
}
