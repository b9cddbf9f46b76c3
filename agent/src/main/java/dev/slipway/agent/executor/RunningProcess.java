package dev.slipway.agent.executor;

import java.io.IOException;
import java.time.Instant;
import java.util.Optional;

/// One supervised process, running or ended. Offsets count the raw bytes of stdout and stderr
/// together, from 0.
///
/// Any thread may call any method; only one thread at a time may be inside {@link #read}.
public interface RunningProcess extends AutoCloseable {
    /// Reads output from `rawOffset` on, waiting until there is some.
    ///
    /// The end comes as soon as the pipe is closed by all writers, or at most the drain time after
    /// the main process ended; it never comes before {@link #awaitExit} can tell why, except for a
    /// process that closes its output early.
    ///
    /// @return how many bytes were put into `buffer`; -1 at the end of the output
    /// @throws OutputLostException when output at `rawOffset` is gone; thrown once per gap
    /// @throws IOException when the output cannot be read
    int read(long rawOffset, byte[] buffer) throws IOException, InterruptedException;

    /// Says that everything below `rawOffset` is safe elsewhere; whole segments below it are
    /// deleted, and a process that was held up goes on. Acknowledging less than before is ignored.
    void acknowledge(long rawOffset) throws IOException;

    /// Waits for the end of the main process.
    Exit awaitExit() throws InterruptedException;

    /// How the process ended, if it has.
    Optional<Exit> exit();

    /// When the process was asked to start.
    Instant startedAt();

    /// Ends the whole tree: SIGINT, after 7.5 s SIGTERM, after another 2.5 s SIGKILL, each only if
    /// something is left. Returns at once. The second and later calls only tell their listener that
    /// it is over.
    void cancel(CancelListener listener);

    /// Sends SIGKILL to the whole tree now, also during a {@link #cancel}. Returns when nothing of
    /// it is left, so it must not be called on the timers' thread.
    void kill() throws IOException;

    /// Deletes the control folder with all output in it. Only for a process that has ended and
    /// whose output was read to the end or given up.
    ///
    /// @throws IllegalStateException when the process still runs
    void delete() throws IOException;

    /// Stops following. The process itself goes on and can be adopted; threads waiting in {@link
    /// #read} or {@link #awaitExit} get an {@link IllegalStateException}.
    @Override
    void close();
}
