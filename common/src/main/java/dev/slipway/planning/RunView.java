package dev.slipway.planning;

import dev.slipway.expression.Value;

import java.util.Optional;

/// What is known of a run so far. The engine implements it over its state.
///
/// The values must not change during a run, apart from {@link #cancelled} turning true and results
/// appearing: {@link RunPlan} computes inputs of called workflows from them again when needed.
public interface RunView {

    /// The `github` context, the same for every job of the run.
    Value github();

    /// The `vars` context.
    Value vars();

    /// The `inputs` context of the run's own workflow, typed.
    Value inputs();

    /// Whether the run has been asked to cancel.
    boolean cancelled();

    /// The result of a node that has finished.
    ///
    /// @param nodeKey a {@link JobNode#key}
    Optional<JobResult> result(String nodeKey);
}
