/// A whole farm, coordinator and agent, inside a command: for people without a server.
///
/// Start reading at {@link dev.slipway.cli.embedded.FarmAccess}.
@NullMarked
package dev.slipway.cli.embedded;

import org.jspecify.annotations.NullMarked;
