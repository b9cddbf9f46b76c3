/// What a step prints: from raw bytes to masked lines, workflow commands and chunks on disk that
/// wait for the coordinator; and the files and reports that a step leaves.
///
/// Start reading at {@link dev.slipway.agent.output.StepLog}.
@NullMarked
package dev.slipway.agent.output;

import org.jspecify.annotations.NullMarked;
