/// Decides what a workflow run consists of, without running it: triggers, graph, matrix,
/// conditions.
///
/// Everything here is pure. Start reading at {@link dev.slipway.planning.RunPlan}.
@NullMarked
package dev.slipway.planning;

import org.jspecify.annotations.NullMarked;
