package dev.slipway.agent.executor;

import dev.slipway.agent.process.ControlFolder;
import dev.slipway.agent.process.ControlGroups;
import dev.slipway.agent.process.ExitRecord;
import dev.slipway.agent.process.FolderWatcher;
import dev.slipway.agent.process.Intent;
import dev.slipway.agent.process.ProcessIdentity;
import dev.slipway.agent.process.ProcessTree;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;

/// One supervised process of this machine, seen through its control folder.
///
/// Whatever happens (a file changes, the supervisor ends) leads to {@link #look}, which reads the
/// folder; whoever waits is woken and decides again. So nothing depends on the order of notices.
final class HostProcess implements RunningProcess {

    private static final Logger LOG = LoggerFactory.getLogger(HostProcess.class);

    private final HostExecutor.Host host;
    private final ControlFolder folder;
    private final Intent intent;
    private final ProcessTree tree;
    private final HostOutput output;

    private final Ending ending;

    /// Held from a claim of ours until its record, and while the supervisor's end is judged.
    private final Object claiming = new Object();

    private final AtomicReference<FolderWatcher.@Nullable Watch> watch = new AtomicReference<>();

    private final AtomicBoolean cancelled = new AtomicBoolean();

    /// Only asks for it once; twice would do no harm.
    private volatile boolean grouped;

    HostProcess(HostExecutor.Host host, ControlFolder folder, Intent intent) {
        this.host = host;
        this.folder = folder;
        this.intent = intent;
        tree =
                new ProcessTree(
                        host.table(),
                        Launch.STEP_VARIABLE + "=" + intent.stepTrackingId(),
                        intent.controlGroup());
        output = new HostOutput(folder);
        ending = new Ending(intent.stepTrackingId(), host.timers());
    }

    /// Begins to watch the folder, then looks at it.
    void follow() throws IOException {
        watch.set(host.watcher().watch(folder.path(), ControlFolder::tells, this::look));
        look();
    }

    /// Puts the main process into its control group as soon as it is known.
    private void group() throws IOException {
        if (grouped || intent.controlGroup().isEmpty()) {
            return;
        }
        Optional<ProcessIdentity> main = folder.main();
        if (main.isEmpty()) {
            return;
        }
        grouped = true;
        Path group = intent.controlGroup().get();
        host.threads()
                .start(
                        "enter-group " + intent.stepTrackingId(),
                        () -> ControlGroups.enter(group, main.get(), host.table()));
    }

    /// Hears of the supervisor's end, whether it is a child of this agent or of an earlier one.
    void superviseBy(ProcessHandle supervisor) {
        supervisor
                .onExit()
                .thenRun(
                        () ->
                                host.threads()
                                        .start(
                                                "supervisor-ended " + intent.stepTrackingId(),
                                                this::supervisorEnded));
    }

    /// The supervisor's last act is the exit file; without one the result is unknown. A supervisor
    /// that ends because {@link #preventStart} took the claim from it writes none; ours is waited
    /// for.
    void supervisorEnded() {
        synchronized (claiming) {
            look();
            if (exit().isEmpty()) {
                lose("The supervisor of the process ended without recording an exit.");
            }
        }
    }

    /// Reads what the folder says and wakes whoever waits.
    void look() {
        Optional<ExitRecord> found;
        try {
            found = folder.exit();
            group();
        } catch (IOException problem) {
            LOG.warn("The exit of a process cannot be read. folder={}", folder.path(), problem);
            found = Optional.empty();
        }
        switch (found.orElse(null)) {
            case null -> ending.changed(null);
            case ExitRecord.Ended(int code) -> ending.changed(new Exit.Exited(code));
            case ExitRecord.LeaseLost() -> ending.changed(new Exit.LeaseLost());
            case ExitRecord.NotStarted(String reason) -> {
                abandonOutput("");
                ending.changed(new Exit.NeverStarted(reason));
            }
            // It was renamed into place complete, so waiting cannot mend it.
            case ExitRecord.Torn torn -> {
                ending.changed(null);
                lose("The record of the exit is torn, so the result is unknown.");
            }
        }
    }

    /// The result is unknown: ends the tree, then says so.
    void lose(String reason) {
        if (!ending.giveUp()) {
            return;
        }
        var salvage = new Salvage(host, folder, intent, tree, this::abandonOutput);
        host.threads()
                .start(
                        "supervisor-lost " + intent.stepTrackingId(),
                        () -> ending.changed(new Exit.SupervisorLost(salvage.endAll(reason))));
    }

    /// Ends the output where its last segment ends, unless the pump says or said it itself.
    ///
    /// @param loss what may be missing after it; empty when nothing is
    private void abandonOutput(String loss) {
        try {
            output.abandon(loss);
        } catch (IOException problem) {
            LOG.warn("Output cannot be measured. folder={}", folder.path(), problem);
        }
        ending.changed(null);
    }

    @Override
    public int read(long rawOffset, byte[] buffer) throws IOException, InterruptedException {
        while (true) {
            long seen = ending.changes();
            int count = output.read(rawOffset, buffer);
            if (count != 0) {
                return count;
            }
            ending.awaitChange(seen);
        }
    }

    boolean isClosed() {
        return ending.isClosed();
    }

    @Override
    public void acknowledge(long rawOffset) throws IOException {
        output.acknowledge(rawOffset);
    }

    @Override
    public Exit awaitExit() throws InterruptedException {
        return ending.await();
    }

    @Override
    public Optional<Exit> exit() {
        return ending.exit();
    }

    @Override
    public Instant startedAt() {
        return intent.startedAt();
    }

    @Override
    public void cancel(CancelListener listener) {
        if (!cancelled.compareAndSet(false, true)) {
            listener.over();
            return;
        }
        host.threads()
                .start(
                        "cancel " + intent.stepTrackingId(),
                        new Cancellation(this, host, listener)::run);
    }

    /// Judges a process that another agent began by its folder alone, as far as that goes.
    ///
    /// @return whether its supervisor has to be asked: nothing has ended it, and it was claimed
    boolean isClaimedElsewhere() throws IOException {
        if (exit().isPresent()) {
            return false;
        }
        if (!intent.bootId().equals(host.boot().id())) {
            lose("The machine was rebooted while the process ran.");
        } else if (folder.exit().filter(ExitRecord.Torn.class::isInstance).isPresent()) {
            lose("The record of the exit is torn, so the result is unknown.");
        } else if (folder.claim()) {
            folder.recordNotStarted("The agent ended before the process was started.");
            look();
        } else {
            return true;
        }
        return false;
    }

    /// Takes the start away from a supervisor that has not claimed it. Claim and record are one
    /// step for {@link #supervisorEnded}: the supervisor may find the claim and end between the
    /// two.
    boolean preventStart(String reason) throws IOException {
        synchronized (claiming) {
            if (!folder.claim()) {
                return false;
            }
            folder.recordNotStarted(reason);
            look();
            return true;
        }
    }

    /// Whether the command was started, as far as its folder knows.
    boolean begun() throws IOException {
        return folder.main().isPresent();
    }

    List<ProcessIdentity> members() throws IOException {
        return tree.members(folder.main());
    }

    /// Waits for the end of the main process, but no longer than `patience`.
    ///
    /// @return whether it has ended
    boolean awaitExit(Duration patience) throws InterruptedException {
        return ending.await(patience);
    }

    @Override
    public void kill() throws IOException {
        if (preventStart("The process was killed before it was started.")) {
            return;
        }
        Cancellation.awaitBegin(this);
        HostExecutor.killAll(host, tree, folder.main());
    }

    @Override
    public void delete() throws IOException {
        if (exit().isEmpty()) {
            throw new IllegalStateException(
                    "The process of %s still runs; its folder cannot be deleted."
                            .formatted(folder.path()));
        }
        close();
        Salvage.delete(host, folder);
    }

    @Override
    public void close() {
        ending.close();
        FolderWatcher.Watch watching = watch.getAndSet(null);
        if (watching != null) {
            watching.close();
        }
        try {
            output.close();
        } catch (IOException problem) {
            throw new UncheckedIOException(problem);
        }
    }
}
