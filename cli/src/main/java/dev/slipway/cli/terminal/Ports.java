package dev.slipway.cli.terminal;

import dev.slipway.id.Ids;
import dev.slipway.id.SecureIds;
import dev.slipway.time.Clock;
import dev.slipway.time.SystemClock;
import dev.slipway.time.SystemThreads;
import dev.slipway.time.SystemTimers;
import dev.slipway.time.Threads;
import dev.slipway.time.Timers;

/// Time, threads and randomness for one command. Whoever made it closes it.
public record Ports(Clock clock, Timers timers, Threads threads, Ids ids) implements AutoCloseable {
    /// The machine's own.
    public static Ports system() {
        return new Ports(
                new SystemClock(),
                new SystemTimers("slipway-timers"),
                new SystemThreads(),
                new SecureIds());
    }

    @Override
    public void close() {
        if (timers instanceof SystemTimers own) {
            own.close();
        }
    }
}
