package dev.slipway.agent.deployment.health;

import dev.slipway.time.Clock;
import dev.slipway.time.Timers;

import java.time.Duration;
import java.time.Instant;

/// Time that passes only while somebody waits for it, and then at once.
final class StandingTime implements Clock, Timers {
    private Duration elapsed = Duration.ZERO;

    @Override
    public Instant now() {
        return Instant.EPOCH.plus(elapsed);
    }

    @Override
    public Duration uptime() {
        return elapsed;
    }

    @Override
    public Timer after(Duration delay, Runnable action) {
        elapsed = elapsed.plus(delay);
        action.run();
        return () -> {};
    }
}
