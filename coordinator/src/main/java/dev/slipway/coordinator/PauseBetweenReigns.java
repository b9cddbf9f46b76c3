package dev.slipway.coordinator;

import java.time.Duration;

/// How long a coordinator whose reign failed leaves the lead to others: twice as long each time, so
/// that two of them do not pass it to and fro while too few bookies are there, and short again once
/// a reign has lasted. Owned by the thread that lives the reigns.
final class PauseBetweenReigns {
    private static final Duration FIRST = Duration.ofSeconds(1);
    private static final Duration LONGEST = Duration.ofSeconds(8);

    /// A reign that lasted this long did not fail for what ended the one before it.
    private static final Duration SETTLED = Duration.ofSeconds(30);

    private Duration next = FIRST;

    /// @param lasted from the election to the end of the reign that failed
    Duration after(Duration lasted) {
        Duration pause = lasted.compareTo(SETTLED) >= 0 ? FIRST : next;
        Duration doubled = pause.multipliedBy(2);
        next = doubled.compareTo(LONGEST) > 0 ? LONGEST : doubled;
        return pause;
    }
}
