/// One session per connected agent: its state in, its desired state out, its output to the logs.
/// Free of any transport: gRPC and in-memory links plug in from outside.
///
/// Start reading at {@link dev.slipway.coordinator.sessions.Sessions}, then {@link
/// dev.slipway.coordinator.sessions.Session}.
@NullMarked
package dev.slipway.coordinator.sessions;

import org.jspecify.annotations.NullMarked;
