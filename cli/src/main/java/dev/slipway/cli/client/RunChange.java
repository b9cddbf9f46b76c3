package dev.slipway.cli.client;

import org.jspecify.annotations.Nullable;

import java.util.List;

/// What changed in a run up to a position.
///
/// @param run the run's record when it changed
/// @param jobs jobs that changed, whole
public record RunChange(long position, @Nullable Run run, List<Job> jobs) {}
