package dev.slipway.testkit;

import dev.slipway.time.Clock;

import java.time.Duration;
import java.time.Instant;
import java.util.function.Supplier;

/// The clocks of one simulated machine: a wall clock that may be wrong and may be stepped, and an
/// uptime with an origin of its own. Both run at the machine's own speed. For code that runs inside
/// the world.
public final class MachineClock implements Clock {
    private final Supplier<Duration> world;
    private final double rate;
    private Duration skew;
    private Duration booted;

    /// @param world the true time
    /// @param skew how far the wall clock is ahead
    /// @param rate local seconds per true second
    /// @param booted the uptime at the world's beginning
    MachineClock(Supplier<Duration> world, Duration skew, double rate, Duration booted) {
        this.world = world;
        this.skew = skew;
        this.rate = rate;
        this.booted = booted;
    }

    @Override
    public Instant now() {
        return ManualTime.START.plus(local()).plus(skew);
    }

    @Override
    public Duration uptime() {
        return booted.plus(local());
    }

    /// Somebody sets the wall clock.
    public void step(Duration by) {
        skew = skew.plus(by);
    }

    /// The machine starts anew: its uptime counts from zero.
    public void reboot() {
        booted = local().negated();
    }

    /// How much true time goes by while this machine counts `duration`.
    Duration trueTime(Duration duration) {
        return rate == 1 ? duration : Duration.ofNanos((long) Math.ceil(duration.toNanos() / rate));
    }

    private Duration local() {
        Duration time = world.get();
        return rate == 1 ? time : Duration.ofNanos((long) (time.toNanos() * rate));
    }
}
