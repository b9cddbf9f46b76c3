package dev.slipway.coordinator.api;

/// Wakes one waiting thread. A ring is never lost: whoever looked at {@link #rings} before it read
/// something sees any later ring.
final class Bell {
    private long rings;

    synchronized long rings() {
        return rings;
    }

    synchronized void ring() {
        rings++;
        notifyAll();
    }

    /// Waits until it has rung more often than `seen`.
    synchronized void await(long seen) throws InterruptedException {
        while (rings == seen) {
            wait();
        }
    }
}
