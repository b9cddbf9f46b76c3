package dev.slipway.agent.runner;

import dev.slipway.agent.docker.Containers;
import dev.slipway.agent.docker.Execs;
import dev.slipway.agent.docker.Images;
import dev.slipway.agent.docker.PulledImages;
import dev.slipway.agent.executor.ContainerExecutor;
import dev.slipway.agent.executor.Executor;
import dev.slipway.id.Ids;
import dev.slipway.time.Clock;
import dev.slipway.time.Threads;
import dev.slipway.time.Timers;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/// What every attempt of this agent shares.
///
/// @param environment what steps inherit: the agent's own, without Slipway's variables
/// @param docker the machine's Docker engine, when it has one
/// @param description what expressions and `RUNNER_*` say of this machine
public record Machine(
        Executor executor,
        Clock clock,
        Timers timers,
        Threads threads,
        Ids ids,
        Map<String, String> environment,
        Description description,
        Optional<Docker> docker) {

    /// The machine's Docker engine.
    ///
    /// @param supervisor the folder of the supervisor's script
    /// @param work the agent's work directory, on labels: what an agent left there is its own
    public record Docker(
            Containers containers,
            Execs execs,
            Images images,
            PulledImages pulled,
            Path supervisor,
            Path work) {
        /// On everything that an agent makes; its value is the agent's work directory.
        public static final String WORK_LABEL = "dev.slipway.work";

        Map<String, String> labels(String trackingId) {
            return Map.of(ContainerExecutor.JOB_LABEL, trackingId, WORK_LABEL, work.toString());
        }
    }

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
