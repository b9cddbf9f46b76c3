package dev.slipway.time;

import java.util.concurrent.CountDownLatch;

/// Tells waiting threads that something has changed, so that they look again. Stands where
/// `Object.wait` and `notifyAll` would: those resume a virtual thread through a thread of the JDK,
/// which a simulated world cannot order.
///
/// ```java
/// while (true) {
///     CountDownLatch change;
///     synchronized (this) {
///         if (ready()) {
///             return take();
///         }
///         change = bell.next();
///     }
///     change.await();
/// }
/// ```
public final class Bell {
    private CountDownLatch next = new CountDownLatch(1);
    private boolean awaited;

    /// Opens at the next {@link #ring}. Ask for it while holding the lock under which the state was
    /// looked at, and wait after letting go of it.
    public synchronized CountDownLatch next() {
        awaited = true;
        return next;
    }

    /// Wakes everyone who waits.
    public void ring() {
        CountDownLatch rung;
        synchronized (this) {
            if (!awaited) {
                return;
            }
            rung = next;
            next = new CountDownLatch(1);
            awaited = false;
        }
        rung.countDown();
    }
}
