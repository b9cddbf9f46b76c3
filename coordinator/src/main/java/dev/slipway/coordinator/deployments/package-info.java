/// Pure: numbers and phases of deployments, what protects environments, and the figures of DORA.
/// Start reading at {@link dev.slipway.coordinator.deployments.Numbering}.
@NullMarked
package dev.slipway.coordinator.deployments;

import org.jspecify.annotations.NullMarked;
