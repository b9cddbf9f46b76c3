package dev.slipway.cli.client;

import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;

/// A farm with a coordinator that serves. Calls are idempotent (those that make something carry a
/// token), so they are retried for a while when the connection fails.
public interface Farm extends FarmReads {
    /// Queues a run.
    ///
    /// @return its number; the same one for the same token
    long submit(Submission submission) throws InterruptedException;

    /// Makes sure that the farm has the file's content.
    void upload(BlobRef blob, Path file) throws InterruptedException;

    /// Hands out what changes in a run, from its beginning until it has finished; goes on through
    /// lost connections.
    void watch(long run, Consumer<RunChange> changes) throws InterruptedException;

    /// Asks for a cancel of the run, or of one job when `job` is not empty.
    ///
    /// @param force kills what runs, at once, and lets nothing run that insists on it
    /// @return false when as much had been asked before
    boolean cancel(long run, String job, String reason, boolean force) throws InterruptedException;

    /// Runs jobs of a finished run again.
    ///
    /// @return the run attempt that this begins
    int rerun(long run, RerunScope scope, String job, String token) throws InterruptedException;

    /// Why jobs wait; an empty job means all.
    List<WaitReason> explain(long run, String job) throws InterruptedException;

    List<AgentInfo> agents() throws InterruptedException;

    AgentInfo drain(String agent) throws InterruptedException;

    AgentInfo resume(String agent) throws InterruptedException;

    /// The coordinators of the farm, by id.
    List<MemberInfo> members() throws InterruptedException;

    FarmInfo info() throws InterruptedException;

    @Override
    Deliveries deliveries();

    Notifications notifications();
}
