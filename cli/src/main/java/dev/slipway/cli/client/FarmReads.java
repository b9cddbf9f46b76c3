package dev.slipway.cli.client;

import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.function.Consumer;

/// What can be asked about finished and running runs, also of a store that no coordinator serves.
/// Every call blocks; interrupting the thread ends it. All throw {@link
/// dev.slipway.error.SlipwayException}.
public interface FarmReads extends AutoCloseable {
    /// One run with all its jobs.
    RunDetail get(long run) throws InterruptedException;

    /// Runs by filter, newest first.
    List<Run> list(RunFilter filter) throws InterruptedException;

    /// Hands out log lines in plan order; goes on through lost connections without a gap or a
    /// duplicate. The consumer returns when it wants more and may throw to stop.
    void readLog(LogQuery query, Consumer<List<LogText>> lines) throws InterruptedException;

    List<ArtifactInfo> artifacts(long run) throws InterruptedException;

    /// Writes the artifact as a zip, verified by its digest.
    ///
    /// @throws IOException when `to` cannot be written
    void download(long run, String artifact, OutputStream to)
            throws IOException, InterruptedException;

    /// Environments and deployments.
    DeliveryReads deliveries();

    @Override
    void close();
}
