/// What an agent is told when it starts, and what it finds on its machine.
///
/// Start reading at {@link dev.slipway.agent.settings.AgentSettings}.
@NullMarked
package dev.slipway.agent.settings;

import org.jspecify.annotations.NullMarked;
