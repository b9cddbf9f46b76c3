/// HTTP in, on a port of its own: metrics, health, and incidents told from outside.
///
/// Start reading at {@link dev.slipway.coordinator.web.HttpPort}.
@NullMarked
package dev.slipway.coordinator.web;

import org.jspecify.annotations.NullMarked;
