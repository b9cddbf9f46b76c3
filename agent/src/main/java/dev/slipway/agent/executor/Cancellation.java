package dev.slipway.agent.executor;

import dev.slipway.agent.executor.CancelListener.Phase;
import dev.slipway.agent.process.ProcessIdentity;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.List;

/// Ends a tree in three steps, each only if something is left:
///
/// ```text
/// SIGINT ── 7.5 s ──> SIGTERM ── 2.5 s ──> SIGKILL ──> dead
///    └───────────────────┴── nothing left ──────────────^
/// ```
///
/// The signals go to every process of the tree, as Ctrl-C in a terminal does: a shell that waits
/// for a program would not pass them on. The times are those of GitHub's runner
/// (ProcessInvoker.cs).
final class Cancellation {
    private static final Logger LOG = LoggerFactory.getLogger(Cancellation.class);
    private static final Duration AFTER_INTERRUPT = Duration.ofMillis(7_500);
    private static final Duration AFTER_TERMINATE = Duration.ofMillis(2_500);
    private static final Duration LOOK_AGAIN = Duration.ofMillis(5);
    private static final Duration WATCH_LEFT = Duration.ofMillis(50);

    private final HostProcess process;
    private final HostExecutor.Host host;
    private final CancelListener listener;

    Cancellation(HostProcess process, HostExecutor.Host host, CancelListener listener) {
        this.process = process;
        this.host = host;
        this.listener = listener;
    }

    void run() {
        try {
            boolean dead =
                    process.preventStart("The process was cancelled before it was started.")
                            || signal("INT", Phase.INTERRUPTED, AFTER_INTERRUPT)
                            || signal("TERM", Phase.TERMINATED, AFTER_TERMINATE);
            if (!dead) {
                List<ProcessIdentity> left = process.members();
                if (!left.isEmpty()) {
                    listener.reached(Phase.KILLED, left.size());
                }
                process.kill();
            }
            listener.reached(Phase.DEAD, 0);
        } catch (IOException problem) {
            LOG.error(
                    "A cancelled process could not be ended. Look for its processes and end them"
                            + " by hand.",
                    problem);
        } catch (InterruptedException | NotFollowedException stopped) {
            LOG.info("A cancellation stops with its agent; the next one must ask again.");
        } finally {
            listener.over();
        }
    }

    /// @return whether nothing is left
    private boolean signal(String name, Phase phase, Duration patience)
            throws IOException, InterruptedException {
        List<ProcessIdentity> members = process.members();
        while (members.isEmpty() && !process.awaitExit(LOOK_AGAIN)) {
            // Between the supervisor's claim and the command there is a moment with nothing to
            // signal; after the command there is one until the exit is recorded.
            members = process.members();
        }
        if (members.isEmpty()) {
            return true;
        }
        Duration began = host.clock().uptime();
        int count = host.signals().send(name, members);
        listener.reached(phase, count);
        if (!process.awaitExit(patience)) {
            return false;
        }
        // The main process has ended; what it left has the rest of the time.
        while (host.clock().uptime().minus(began).compareTo(patience) < 0) {
            if (process.members().isEmpty()) {
                return true;
            }
            host.timers().pause(WATCH_LEFT);
        }
        return process.members().isEmpty();
    }

    /// Waits out the moment between the supervisor's claim and the command, in which there is
    /// nothing to kill although something will run. Returns at once when nobody follows any more.
    static void awaitBegin(HostProcess process) throws IOException {
        try {
            boolean over = false;
            while (!over && !process.begun()) {
                over = process.awaitExit(LOOK_AGAIN);
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while killing a process");
        } catch (NotFollowedException stopped) {
            LOG.info("A kill stops with its agent; the next one must ask again.");
        }
    }
}
