package dev.slipway.coordinator.engine;

import dev.slipway.coordinator.model.Status;
import dev.slipway.id.JobId;

/// Why a job waits.
///
/// @param key the job's planning key
/// @param name what people call it
/// @param reason one sentence, e.g. `no connected agent has all of the labels gpu, linux`
/// @param advice what to do about it; may be empty
public record Explanation(
        JobId job, String key, String name, Status status, String reason, String advice) {}
