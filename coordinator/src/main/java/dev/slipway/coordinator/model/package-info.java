/// The farm's vocabulary, pure: what can be ordered, what can happen, and what is true meanwhile.
///
/// Start reading at {@link dev.slipway.coordinator.model.Event}, then {@link
/// dev.slipway.coordinator.model.FarmView} and {@link dev.slipway.coordinator.model.Command}.
@NullMarked
package dev.slipway.coordinator.model;

import org.jspecify.annotations.NullMarked;
