package dev.slipway.agent.executor;

import dev.slipway.agent.executor.CancelListener.Phase;
import dev.slipway.time.Timers;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/// One agent's view of a scripted process.
final class ScriptedHandle implements RunningProcess {
    private static final Duration AFTER_INTERRUPT = Duration.ofMillis(7_500);
    private static final Duration AFTER_TERMINATE = Duration.ofMillis(2_500);

    private final ScriptedProcess process;
    private final Timers timers;
    private final Runnable forget;
    private final AtomicBoolean closed = new AtomicBoolean();
    private final AtomicBoolean cancelled = new AtomicBoolean();
    private final AtomicBoolean lossTold = new AtomicBoolean();

    ScriptedHandle(ScriptedProcess process, Timers timers, Runnable forget) {
        this.process = process;
        this.timers = timers;
        this.forget = forget;
    }

    boolean closed() {
        return closed.get();
    }

    void requireOpen() {
        if (closed.get()) {
            throw new NotFollowedException(process.stepTrackingId());
        }
    }

    void tellLossOnce(long offset, @Nullable String loss) throws OutputLostException {
        if (loss != null && lossTold.compareAndSet(false, true)) {
            throw new OutputLostException(
                    "Output is lost from offset %d on: %s".formatted(offset, loss), offset);
        }
    }

    @Override
    public int read(long rawOffset, byte[] buffer)
            throws OutputLostException, InterruptedException {
        return process.read(rawOffset, buffer, this);
    }

    @Override
    public void acknowledge(long rawOffset) {
        process.acknowledge(rawOffset);
    }

    @Override
    public Exit awaitExit() throws InterruptedException {
        return process.awaitExit(this);
    }

    @Override
    public Optional<Exit> exit() {
        return process.exit();
    }

    @Override
    public Instant startedAt() {
        return process.startedAt();
    }

    @Override
    public void cancel(CancelListener listener) {
        if (closed.get() || !cancelled.compareAndSet(false, true)) {
            listener.over();
            return;
        }
        // On the timers' thread, as the contract of the listener asks: in order, one at a time.
        timers.after(Duration.ZERO, () -> interrupt(listener));
    }

    private void interrupt(CancelListener listener) {
        process.preventStart("The process was cancelled before it was started.");
        if (process.interrupt()) {
            listener.reached(Phase.INTERRUPTED, 1);
            next(listener, AFTER_INTERRUPT, this::terminate);
        } else {
            dead(listener);
        }
    }

    private void terminate(CancelListener listener) {
        if (process.terminate()) {
            listener.reached(Phase.TERMINATED, 1);
            next(listener, AFTER_TERMINATE, this::end);
        } else {
            dead(listener);
        }
    }

    private void end(CancelListener listener) {
        if (process.kill()) {
            listener.reached(Phase.KILLED, 1);
        }
        dead(listener);
    }

    private static void dead(CancelListener listener) {
        listener.reached(Phase.DEAD, 0);
        listener.over();
    }

    private void next(CancelListener listener, Duration patience, Consumer<CancelListener> phase) {
        if (process.exit().isPresent()) {
            dead(listener);
            return;
        }
        timers.after(
                patience,
                () -> {
                    if (closed.get()) {
                        listener.over();
                    } else {
                        phase.accept(listener);
                    }
                });
    }

    @Override
    public void kill() {
        process.preventStart("The process was killed before it was started.");
        process.kill();
    }

    @Override
    public void delete() {
        if (process.exit().isEmpty()) {
            throw new IllegalStateException(
                    "The process %s still runs; its folder cannot be deleted."
                            .formatted(process.stepTrackingId()));
        }
        close();
        forget.run();
    }

    @Override
    public void close() {
        closed.set(true);
        process.wake();
    }
}
