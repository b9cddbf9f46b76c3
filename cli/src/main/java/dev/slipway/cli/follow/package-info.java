/// Follows runs to their end: changes and log lines from the farm become one sequence that a view
/// shows, as a live tree on a terminal or as plain lines on a pipe.
///
/// Start reading at {@link dev.slipway.cli.follow.RunFollower}.
@NullMarked
package dev.slipway.cli.follow;

import org.jspecify.annotations.NullMarked;
