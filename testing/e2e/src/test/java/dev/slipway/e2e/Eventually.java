package dev.slipway.e2e;

import java.time.Duration;
import java.util.function.Supplier;

/// Waits for real processes: asks again until the answer is good or the time is up.
final class Eventually {
    private static final Duration STEP = Duration.ofMillis(50);

    private Eventually() {}

    /// The first answer that is not null.
    static <T> T get(String what, Duration limit, Supplier<T> question) {
        long end = System.nanoTime() + limit.toNanos();
        while (true) {
            T answer = question.get();
            if (answer != null) {
                return answer;
            }
            if (System.nanoTime() > end) {
                throw new AssertionError("not within %s: %s".formatted(limit, what));
            }
            sleep();
        }
    }

    static void holds(String what, Duration limit, Supplier<Boolean> question) {
        get(what, limit, () -> question.get() ? Boolean.TRUE : null);
    }

    private static void sleep() {
        try {
            Thread.sleep(STEP.toMillis());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new AssertionError(interrupted);
        }
    }
}
