package dev.slipway.agent.runner;

import dev.slipway.agent.executor.Executor;
import dev.slipway.id.Ids;
import dev.slipway.time.Clock;
import dev.slipway.time.Threads;
import dev.slipway.time.Timers;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;

/// What every attempt of this agent shares.
///
/// @param environment what steps inherit: the agent's own, without Slipway's variables
/// @param description what expressions and `RUNNER_*` say of this machine
public record Machine(
        Executor executor,
        Clock clock,
        Timers timers,
        Threads threads,
        Ids ids,
        Map<String, String> environment,
        Description description) {

    /// @param os `Linux`
    /// @param arch `X64`, `ARM64`, `X86` or `ARM`
    public record Description(String name, String os, String arch) {}

    /// How much of a time limit is left. The wall clock is asked, because the start may lie before
    /// a restart of the agent; a clock that jumps moves the limit, no more.
    ///
    /// @param minutes negative means without end, and so is the answer then
    Duration remaining(Instant begun, double minutes) {
        if (minutes < 0) {
            return Duration.ofMillis(-1);
        }
        Duration limit = Duration.ofMillis((long) (minutes * 60_000));
        Duration spent = Duration.between(begun, clock.now());
        Duration left = spent.isNegative() ? limit : limit.minus(spent);
        return left.isNegative() ? Duration.ZERO : left;
    }
}
