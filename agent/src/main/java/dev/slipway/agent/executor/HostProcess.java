package dev.slipway.agent.executor;

import dev.slipway.agent.process.ControlFolder;
import dev.slipway.agent.process.ControlGroups;
import dev.slipway.agent.process.ExitRecord;
import dev.slipway.agent.process.FolderWatcher;
import dev.slipway.agent.process.Intent;
import dev.slipway.agent.process.ProcessIdentity;
import dev.slipway.agent.process.ProcessTree;
import dev.slipway.time.Timers;

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
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

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

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();

    /// Held from a claim of ours until its record, and while the supervisor's end is judged.
    private final Object claiming = new Object();

    // Guarded by the lock.
    private long changes;
    private boolean closed;
    private boolean losing;
    private @Nullable Exit exit;
    private FolderWatcher.@Nullable Watch watch;

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
    }

    /// Begins to watch the folder, then looks at it.
    void follow() throws IOException {
        FolderWatcher.Watch watching =
                host.watcher().watch(folder.path(), ControlFolder::tells, this::look);
        lock.lock();
        try {
            watch = watching;
        } finally {
            lock.unlock();
        }
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
            case null -> changed(null);
            case ExitRecord.Ended(int code) -> changed(new Exit.Exited(code));
            case ExitRecord.LeaseLost() -> changed(new Exit.LeaseLost());
            case ExitRecord.NotStarted(String reason) -> {
                abandonOutput("");
                changed(new Exit.NeverStarted(reason));
            }
            // It was renamed into place complete, so waiting cannot mend it.
            case ExitRecord.Torn torn -> {
                changed(null);
                lose("The record of the exit is torn, so the result is unknown.");
            }
        }
    }

    private void changed(@Nullable Exit found) {
        lock.lock();
        try {
            // What our signals make of a process that is given up is not its result.
            if (exit == null && (!losing || found instanceof Exit.SupervisorLost)) {
                exit = found;
            }
            changes++;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /// The result is unknown: ends the tree, then says so.
    void lose(String reason) {
        lock.lock();
        try {
            if (losing || closed || exit != null) {
                return;
            }
            losing = true;
        } finally {
            lock.unlock();
        }
        var salvage = new Salvage(host, folder, intent, tree, this::abandonOutput);
        host.threads()
                .start(
                        "supervisor-lost " + intent.stepTrackingId(),
                        () -> changed(new Exit.SupervisorLost(salvage.endAll(reason))));
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
        changed(null);
    }

    @Override
    public int read(long rawOffset, byte[] buffer) throws IOException, InterruptedException {
        while (true) {
            long seen = changesSeen();
            int count = output.read(rawOffset, buffer);
            if (count != 0) {
                return count;
            }
            awaitChange(seen);
        }
    }

    private long changesSeen() {
        lock.lock();
        try {
            return changes;
        } finally {
            lock.unlock();
        }
    }

    private void awaitChange(long seen) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (changes == seen) {
                requireOpen();
                changed.await();
            }
            requireOpen();
        } finally {
            lock.unlock();
        }
    }

    boolean isClosed() {
        lock.lock();
        try {
            return closed;
        } finally {
            lock.unlock();
        }
    }

    private void requireOpen() {
        if (closed) {
            throw new NotFollowedException(intent.stepTrackingId());
        }
    }

    @Override
    public void acknowledge(long rawOffset) throws IOException {
        output.acknowledge(rawOffset);
    }

    @Override
    public Exit awaitExit() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (exit == null) {
                requireOpen();
                changed.await();
            }
            return exit;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public Optional<Exit> exit() {
        lock.lock();
        try {
            return Optional.ofNullable(exit);
        } finally {
            lock.unlock();
        }
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
        var over = new AtomicBoolean();
        Timers.Timer timer =
                host.timers()
                        .after(
                                patience,
                                () -> {
                                    over.set(true);
                                    changed(null);
                                });
        lock.lockInterruptibly();
        try {
            while (exit == null && !over.get()) {
                requireOpen();
                changed.await();
            }
            return exit != null;
        } finally {
            lock.unlock();
            timer.cancel();
        }
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
        FolderWatcher.Watch watching;
        lock.lock();
        try {
            watching = watch;
            watch = null;
            closed = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
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
