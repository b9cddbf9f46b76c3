/// Numbers and phases of deployments, what protects environments, and the figures of DORA: pure,
/// but for {@link dev.slipway.coordinator.deployments.Deliveries}, which reads the tables. Start
/// reading at {@link dev.slipway.coordinator.deployments.Numbering}.
@NullMarked
package dev.slipway.coordinator.deployments;

import org.jspecify.annotations.NullMarked;
