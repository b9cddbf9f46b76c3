package dev.slipway.time;

import java.time.Duration;
import java.time.Instant;

/// The machine's clocks.
public final class SystemClock implements Clock {
    @Override
    public Instant now() {
        return Instant.now();
    }

    @Override
    public Duration uptime() {
        return Duration.ofNanos(System.nanoTime());
    }
}
