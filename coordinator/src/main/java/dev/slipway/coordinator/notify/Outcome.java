package dev.slipway.coordinator.notify;

import java.time.Duration;
import java.util.Optional;

/// What became of one try.
public sealed interface Outcome {
    record Taken() implements Outcome {}

    /// @param why without any secret
    /// @param after how long the destination asks to be left alone
    record NotNow(String why, Optional<Duration> after) implements Outcome {}

    /// Another try would be in vain as well.
    ///
    /// @param why without any secret
    record Never(String why) implements Outcome {}
}
