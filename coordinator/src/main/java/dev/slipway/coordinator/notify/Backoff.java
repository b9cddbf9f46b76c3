package dev.slipway.coordinator.notify;

import java.time.Duration;

/// How long a rule pauses after tries in vain: doubling, up to a bound.
public record Backoff(Duration first, Duration longest) {
    /// 5 s, 10 s, … half an hour: with {@link dev.slipway.coordinator.model.Notification#MAX_TRIES}
    /// a destination may be away for some two hours.
    public static final Backoff STANDARD =
            new Backoff(Duration.ofSeconds(5), Duration.ofMinutes(30));

    /// @param tries in vain, from 1
    Duration after(int tries) {
        Duration pause = first;
        for (int i = 1; i < tries && pause.compareTo(longest) < 0; i++) {
            pause = pause.multipliedBy(2);
        }
        return pause.compareTo(longest) < 0 ? pause : longest;
    }
}
