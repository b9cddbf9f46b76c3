package dev.slipway.agent.executor;

import dev.slipway.time.Bell;
import dev.slipway.time.Clock;
import dev.slipway.time.Timers;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;

/// A process that follows a script. It acts on the thread that starts it, and on the timers' after
/// each pause.
final class ScriptedProcess {
    /// Between SIGTERM and SIGKILL of the lease's watchdog.
    private static final Duration PATIENCE = Duration.ofMillis(2_500);

    private final Launch launch;
    private final Script script;
    private final Clock clock;
    private final Timers timers;
    private final Function<Path, Duration> leaseEnd;
    private final ProcessWatcher watcher;
    private final Instant startedAt;

    private final ReentrantLock lock = new ReentrantLock();

    /// Not a condition of the lock: an agent that was killed while it waited must not stand in the
    /// way of the next one.
    private final Bell changed = new Bell();

    // Guarded by the lock.
    private boolean claimed;
    private int next;
    private boolean held;
    private byte[] output = new byte[1024];
    private int used;
    private long outputStart;
    private boolean outputEnded;
    private @Nullable String loss;
    private @Nullable Exit exit;

    ScriptedProcess(
            Launch launch,
            Script script,
            Clock clock,
            Timers timers,
            Function<Path, Duration> leaseEnd,
            ProcessWatcher watcher) {
        this.launch = launch;
        this.script = script;
        this.clock = clock;
        this.timers = timers;
        this.leaseEnd = leaseEnd;
        this.watcher = watcher;
        startedAt = clock.now();
    }

    void begin() {
        if (script.startsAfter().isZero()) {
            claim();
        } else {
            timers.after(script.startsAfter(), this::claim);
        }
    }

    private void claim() {
        lock.lock();
        try {
            if (exit != null) {
                return;
            }
            claimed = true;
            if (untilKilling().isNegative() || untilKilling().isZero()) {
                String late = "The lease was missing or over when the command was to start.";
                end(new Exit.NeverStarted(late));
                return;
            }
            watcher.started(launch);
            timers.after(untilKilling(), this::watchLease);
            act();
        } finally {
            lock.unlock();
        }
    }

    private Duration untilKilling() {
        return leaseEnd.apply(launch.leaseFile())
                .minus(launch.limits().killGrace())
                .minus(clock.uptime());
    }

    private void watchLease() {
        lock.lock();
        try {
            if (exit != null) {
                return;
            }
            Duration left = untilKilling();
            if (left.isNegative() || left.isZero()) {
                if (script.ignoresTerminate()) {
                    timers.after(PATIENCE, this::endLease);
                } else {
                    end(new Exit.LeaseLost());
                }
            } else {
                timers.after(left, this::watchLease);
            }
        } finally {
            lock.unlock();
        }
    }

    private void endLease() {
        lock.lock();
        try {
            end(new Exit.LeaseLost());
        } finally {
            lock.unlock();
        }
    }

    /// Goes on with the script until the next pause. The lock is held.
    private void act() {
        while (exit == null) {
            held = used >= launch.limits().unacknowledgedBytes();
            if (held) {
                return;
            }
            if (next == script.acts().size()) {
                end(new Exit.Exited(0));
                return;
            }
            Script.Act act = script.acts().get(next++);
            switch (act) {
                case Script.Act.Print(String text) -> print(text);
                case Script.Act.Work(Duration time) -> {
                    timers.after(time, this::goOn);
                    return;
                }
                case Script.Act.End(int code) -> end(new Exit.Exited(code));
                case Script.Act.RunOutOfMemory() -> end(new Exit.Exited(137));
                case Script.Act.LoseSupervisor() -> end(supervisorLost());
                case Script.Act.LoseOutput(String reason) -> loss = reason;
                case Script.Act.Hang() -> {
                    return;
                }
            }
        }
    }

    private static Exit supervisorLost() {
        return new Exit.SupervisorLost(
                "The supervisor of the process ended without recording an exit.");
    }

    private void goOn() {
        lock.lock();
        try {
            act();
        } finally {
            lock.unlock();
        }
    }

    private void print(String text) {
        if (loss != null) {
            return;
        }
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        if (used + bytes.length > output.length) {
            output = Arrays.copyOf(output, Math.max(2 * output.length, used + bytes.length));
        }
        System.arraycopy(bytes, 0, output, used, bytes.length);
        used += bytes.length;
        watcher.printed(launch, text);
        changed.ring();
    }

    /// The lock is held.
    private void end(Exit how) {
        if (exit == null) {
            exit = how;
            outputEnded = true;
            watcher.ended(launch, how);
            changed.ring();
        }
    }

    /// @return false when there was nothing to kill
    boolean kill() {
        return signal(137, false);
    }

    boolean interrupt() {
        return signal(130, script.ignoresInterrupt());
    }

    boolean terminate() {
        return signal(143, script.ignoresTerminate());
    }

    /// @return whether there was a process to signal
    private boolean signal(int code, boolean ignored) {
        lock.lock();
        try {
            boolean running = exit == null;
            if (running && !ignored) {
                end(new Exit.Exited(code));
            }
            return running;
        } finally {
            lock.unlock();
        }
    }

    boolean preventStart(String reason) {
        lock.lock();
        try {
            boolean prevented = !claimed && exit == null;
            if (prevented) {
                end(new Exit.NeverStarted(reason));
            }
            return prevented;
        } finally {
            lock.unlock();
        }
    }

    void reboot() {
        lose("The machine was rebooted while the process ran.");
    }

    /// Its supervisor is killed, and with it the knowledge of the result.
    void loseSupervisor() {
        lose("The supervisor of the process ended without recording an exit.");
    }

    private void lose(String reason) {
        lock.lock();
        try {
            end(new Exit.SupervisorLost(reason));
        } finally {
            lock.unlock();
        }
    }

    /// Copies what there is at `offset`, waiting for it until `handle` is closed.
    int read(long offset, byte[] buffer, ScriptedHandle handle)
            throws InterruptedException, OutputLostException {
        while (true) {
            CountDownLatch change;
            lock.lock();
            try {
                handle.requireOpen();
                if (offset < outputStart) {
                    throw new OutputLostException(
                            "Output below %d was acknowledged and deleted.".formatted(outputStart),
                            outputStart);
                }
                int from = (int) (offset - outputStart);
                if (from < used) {
                    int count = Math.min(buffer.length, used - from);
                    System.arraycopy(output, from, buffer, 0, count);
                    return count;
                }
                if (outputEnded) {
                    handle.tellLossOnce(offset, loss);
                    return -1;
                }
                change = changed.next();
            } finally {
                lock.unlock();
            }
            change.await();
        }
    }

    void acknowledge(long offset) {
        lock.lock();
        try {
            long until = Math.min(offset, outputStart + used);
            if (until > outputStart) {
                int gone = (int) (until - outputStart);
                System.arraycopy(output, gone, output, 0, used - gone);
                used -= gone;
                outputStart = until;
            }
            if (held && used < launch.limits().unacknowledgedBytes()) {
                held = false;
                timers.after(Duration.ZERO, this::goOn);
            }
        } finally {
            lock.unlock();
        }
    }

    Exit awaitExit(ScriptedHandle handle) throws InterruptedException {
        while (true) {
            CountDownLatch change;
            lock.lock();
            try {
                if (exit != null) {
                    return exit;
                }
                handle.requireOpen();
                change = changed.next();
            } finally {
                lock.unlock();
            }
            change.await();
        }
    }

    Optional<Exit> exit() {
        lock.lock();
        try {
            return Optional.ofNullable(exit);
        } finally {
            lock.unlock();
        }
    }

    void wake() {
        lock.lock();
        try {
            changed.ring();
        } finally {
            lock.unlock();
        }
    }

    Instant startedAt() {
        return startedAt;
    }

    String jobTrackingId() {
        return launch.jobTrackingId();
    }

    String stepTrackingId() {
        return launch.stepTrackingId();
    }
}
