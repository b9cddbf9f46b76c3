package dev.slipway.agent.executor;

import dev.slipway.agent.process.ControlFolder;
import dev.slipway.agent.process.Intent;
import dev.slipway.agent.process.ProcessIdentity;
import dev.slipway.agent.process.ProcessTree;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.DirectoryNotEmptyException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/// Ends what a lost supervisor left behind: the tree first, then the recording of its output.
///
/// @param abandonOutput ends the output, with what is said to be missing, if nobody else will
record Salvage(
        HostExecutor.Host host,
        ControlFolder folder,
        Intent intent,
        ProcessTree tree,
        Consumer<String> abandonOutput) {
    private static final Logger LOG = LoggerFactory.getLogger(Salvage.class);
    private static final int DELETE_ROUNDS = 100;
    private static final Duration DELETE_ROUND = Duration.ofMillis(20);
    private static final String CUT = "The output was not recorded to its end.";

    /// Returns when nothing of the tree is left, or it cannot be ended.
    ///
    /// @return `reason` and whatever else is known
    String endAll(String reason) {
        String text = reason;
        try {
            String complaints = folder.complaints();
            if (!complaints.isEmpty()) {
                text += " It said: " + complaints;
            }
            HostExecutor.killAll(host, tree, folder.main());
            // Its sleep ends, and it sees that nothing is left to watch.
            folder.watchdog().ifPresent(this::terminate);
            endPump();
        } catch (IOException problem) {
            LOG.warn(
                    "What a lost supervisor left behind could not be ended completely. step={}",
                    intent.stepTrackingId(),
                    problem);
            text += " Ending its processes failed: " + problem.getMessage();
            abandonOutput.accept(CUT);
        }
        LOG.warn("A supervisor was lost. step={} reason={}", intent.stepTrackingId(), text);
        return text;
    }

    /// With the tree dead the pump comes to its end by itself. If something else holds the pipe, it
    /// is told to close after the drain time. If it is dead too, its work ends where it ended.
    private void endPump() throws IOException {
        Optional<ProcessIdentity> pump = folder.pump();
        if (pump.isEmpty() || !host.table().isAlive(pump.get())) {
            abandonOutput.accept(CUT);
            return;
        }
        String thread = "close-output " + intent.stepTrackingId();
        host.timers()
                .after(
                        intent.drain(),
                        () -> host.threads().start(thread, () -> terminate(pump.get())));
        host.table().onExit(pump.get(), () -> abandonOutput.accept(CUT));
    }

    private void terminate(ProcessIdentity process) {
        try {
            host.signals().send("TERM", List.of(process));
        } catch (IOException problem) {
            LOG.warn("A supervisor's helper could not be ended. pid={}", process.pid(), problem);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    /// Deletes the folder of a process that has ended. Its supervisor may still write a file
    /// between the record of the exit and its own end.
    static void delete(HostExecutor.Host host, ControlFolder folder) throws IOException {
        for (int round = 1; ; round++) {
            try {
                folder.delete();
                return;
            } catch (DirectoryNotEmptyException written) {
                if (round == DELETE_ROUNDS) {
                    throw written;
                }
            }
            try {
                host.timers().pause(DELETE_ROUND);
            } catch (InterruptedException stopped) {
                Thread.currentThread().interrupt();
                throw new InterruptedIOException("interrupted while deleting " + folder.path());
            }
        }
    }
}
