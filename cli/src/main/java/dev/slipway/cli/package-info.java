/// The `slipway` program: finds the command that was typed and runs it.
///
/// Start reading at {@link dev.slipway.cli.Slipway}.
@NullMarked
package dev.slipway.cli;

import org.jspecify.annotations.NullMarked;
