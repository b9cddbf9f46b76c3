/// A supervised process on the host whose output and exit code outlive the agent.
///
/// Start reading at {@link dev.slipway.agent.process.ControlFolder}.
@NullMarked
package dev.slipway.agent.process;

import org.jspecify.annotations.NullMarked;
