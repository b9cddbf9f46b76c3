package dev.slipway.planning;

import java.util.Optional;

/// How a call ended.
///
/// @param result what the jobs that need the call see
/// @param error why the called workflow's outputs could not be evaluated; the call failed then
public record CallOutcome(JobResult result, Optional<String> error) {}
