package dev.slipway.agent.runner;

import dev.slipway.agent.executor.Executor;
import dev.slipway.id.Ids;
import dev.slipway.time.Clock;
import dev.slipway.time.Threads;
import dev.slipway.time.Timers;

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
}
