/// The terminal that a command is typed in: data, messages, colour, signals, and what all commands
/// share.
///
/// Start reading at {@link dev.slipway.cli.terminal.CliCommand}.
@NullMarked
package dev.slipway.cli.terminal;

import org.jspecify.annotations.NullMarked;
