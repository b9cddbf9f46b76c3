package dev.slipway.time;

import java.time.Duration;

/// Runs actions later. The only way product code waits for time to pass.
public interface Timers {
    /// Runs `action` once after `delay` (zero or less: as soon as possible) on the timers' own
    /// thread. The action must be short and must not block: it hands a message to its owner. An
    /// exception that it throws is logged, and the timers go on.
    Timer after(Duration delay, Runnable action);

    /// Blocks the calling thread for `delay`; for code that has a thread of its own.
    ///
    /// @throws InterruptedException when the thread is interrupted meanwhile
    default void pause(Duration delay) throws InterruptedException {
        var over = new java.util.concurrent.CountDownLatch(1);
        Timer timer = after(delay, over::countDown);
        try {
            over.await();
        } finally {
            timer.cancel();
        }
    }

    /// One action that is still to run.
    interface Timer {
        /// Drops the action unless it has started; calling it again does nothing.
        void cancel();
    }
}
