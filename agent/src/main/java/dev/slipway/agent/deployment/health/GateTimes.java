package dev.slipway.agent.deployment.health;

import java.time.Duration;

/// How long and how often health is looked at.
///
/// @param interval between two rounds of checks
/// @param successes good rounds in a row that make a version healthy
/// @param failures bad rounds in a row that end the watch window
/// @param deadline by when a started version must be healthy
/// @param window how long a healthy version is watched after that; zero: not at all
public record GateTimes(
        Duration interval, int successes, int failures, Duration deadline, Duration window) {
    public static final GateTimes DEFAULT =
            new GateTimes(Duration.ofSeconds(2), 3, 3, Duration.ofMinutes(2), Duration.ZERO);
}
