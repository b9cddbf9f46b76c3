/// HTTP in, on a port of its own: metrics and health.
///
/// Start reading at {@link dev.slipway.coordinator.web.HttpPort}.
@NullMarked
package dev.slipway.coordinator.web;

import org.jspecify.annotations.NullMarked;
