/// Tells the coordinator the agent's state and receives its desired state.
///
/// Start reading at {@link dev.slipway.agent.session.Session}.
@NullMarked
package dev.slipway.agent.session;

import org.jspecify.annotations.NullMarked;
