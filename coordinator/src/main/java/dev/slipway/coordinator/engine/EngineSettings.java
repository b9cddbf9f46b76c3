package dev.slipway.coordinator.engine;

import java.time.Duration;

/// How the engine behaves.
///
/// @param queueCapacity commands that may wait; more are refused with OVERLOADED
/// @param batch commands of one turn: what one sync of the journal covers
/// @param leaseTtl how long a job survives without its agent being heard
/// @param killGrace how long an agent may need to end a job at its lease's end; the job is given
///   away only after lease, grace and 10 % clock margin
/// @param retries how often a job is tried again after an infrastructure cause
/// @param agingStep how much longer a job must have waited to go before one of priority one higher
public record EngineSettings(
        int queueCapacity,
        int batch,
        Duration leaseTtl,
        Duration killGrace,
        int retries,
        Duration agingStep) {
    public static final EngineSettings STANDALONE =
            new EngineSettings(
                    20_000,
                    1_000,
                    Duration.ofMinutes(60),
                    Duration.ofSeconds(15),
                    2,
                    Duration.ofMinutes(1));

    /// How long after an agent was last heard its jobs are given away.
    public Duration givenAwayAfter(Duration ttl) {
        return ttl.plus(ttl.dividedBy(10)).plus(killGrace);
    }
}
