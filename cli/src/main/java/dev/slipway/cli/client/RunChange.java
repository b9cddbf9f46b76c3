package dev.slipway.cli.client;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// What changed in a run up to a position.
///
/// @param run the run's record when it changed
/// @param jobs jobs that changed, whole
public record RunChange(long position, @Nullable Run run, List<Job> jobs) {}
