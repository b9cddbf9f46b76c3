/// The GitHub Actions workflow language: reads YAML with positions and builds an immutable model.
///
/// Start reading at {@link dev.slipway.workflow.WorkflowParser}.
@NullMarked
package dev.slipway.workflow;

import org.jspecify.annotations.NullMarked;
