/// Built-in actions, and the actions of the repository itself: finding and describing them.
///
/// Start reading at {@link dev.slipway.agent.actions.BuiltIn}.
@NullMarked
package dev.slipway.agent.actions;

import org.jspecify.annotations.NullMarked;
