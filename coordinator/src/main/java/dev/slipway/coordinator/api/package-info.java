/// gRPC in: translates requests to commands and queries, and maps errors.
///
/// Start reading at {@link dev.slipway.coordinator.api.GrpcServer}, then {@link
/// dev.slipway.coordinator.api.RunApi}.
@NullMarked
package dev.slipway.coordinator.api;

import org.jspecify.annotations.NullMarked;
