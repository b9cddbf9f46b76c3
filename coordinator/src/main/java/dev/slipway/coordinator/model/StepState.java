package dev.slipway.coordinator.model;

import org.jspecify.annotations.Nullable;

import java.time.Instant;

/// One step of an attempt, `Set up job`, `Post …` and `Complete job` included.
///
/// @param number from 0 (`Set up job`), in the order in which they started
/// @param name what people see
/// @param id the step's `id`; empty when it has none of its own
/// @param status RUNNING or FINISHED
/// @param conclusion after `continue-on-error`; set when finished
/// @param outcome before `continue-on-error`; set when finished
/// @param startedAt by the agent's clock
/// @param finishedAt by the agent's clock
/// @param logEnd raw bytes of output at the end of the step; -1 while it runs
public record StepState(
        int number,
        String name,
        String id,
        Status status,
        @Nullable Conclusion conclusion,
        @Nullable Conclusion outcome,
        Instant startedAt,
        @Nullable Instant finishedAt,
        long logEnd) {}
