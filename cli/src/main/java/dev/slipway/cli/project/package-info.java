/// The project in a folder: its files, what git knows about it, and what would run for an event.
///
/// Start reading at {@link dev.slipway.cli.project.GitFacts}.
@NullMarked
package dev.slipway.cli.project;

import org.jspecify.annotations.NullMarked;
