/// The single writer: takes a batch of commands, decides, applies, journals once, answers,
/// publishes.
///
/// Start reading at {@link dev.slipway.coordinator.engine.Engine}, then {@link
/// dev.slipway.coordinator.engine.Decider}.
@NullMarked
package dev.slipway.coordinator.engine;

import org.jspecify.annotations.NullMarked;
