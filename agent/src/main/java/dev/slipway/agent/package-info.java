/// Wires one agent: a process, or a part of the CLI's own.
///
/// Start reading at {@link dev.slipway.agent.Agent}.
@NullMarked
package dev.slipway.agent;

import org.jspecify.annotations.NullMarked;
