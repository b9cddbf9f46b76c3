package dev.slipway.agent.executor;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;

/// Starts the processes of steps so that they outlive the agent, and finds them again.
///
/// A process is known by its control folder. Starting the same folder twice is refused: a step
/// starts once, ever. After the agent's restart {@link #adopt} gives the process back with its exit
/// and with every byte of output that was not acknowledged.
///
/// Implementations may be used from any thread.
public interface Executor {
    /// Starts a process. When this returns, the intent to start is on disk; whether the command
    /// could be run shows in {@link RunningProcess#awaitExit}.
    ///
    /// The lease file must have been written by {@link #renewLease} before.
    ///
    /// @throws IOException when the control folder cannot be written, exists with an intent
    ///   already, or no process can be created
    RunningProcess start(Launch launch) throws IOException;

    /// Gives back the process of a control folder, whatever became of it: running, ended, lost with
    /// its supervisor, never started. A start that was under way when the agent died, and has not
    /// happened yet, will never happen after this call.
    ///
    /// @throws NothingStartedException when nothing was ever started there
    /// @throws IOException when that cannot be told; it must not be started again then
    RunningProcess adopt(Path controlFolder) throws IOException;

    /// Says until when the processes with this lease file may live. Past it (minus the grace for
    /// killing) they are killed, also when the agent is stopped or dead.
    ///
    /// @param endsAt on this process's {@link dev.slipway.time.Clock#uptime}
    void renewLease(Path leaseFile, Duration endsAt) throws IOException;

    /// Kills every process that carries this job's tracking id, also those of steps that have
    /// ended: background children. Called at the end of a job.
    ///
    /// @return how many processes were told to end
    int killLeftovers(String jobTrackingId) throws IOException;
}
