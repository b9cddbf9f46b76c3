/// One attempt at a job: prepare, run the steps, clean up; with a checkpoint file of its own.
///
/// Start reading at {@link dev.slipway.agent.runner.Attempts}.
@NullMarked
package dev.slipway.agent.runner;

import org.jspecify.annotations.NullMarked;
