/// Commands about runs and agents that exist.
///
/// Start reading at {@link dev.slipway.cli.inspect.ShowCommand}.
@NullMarked
package dev.slipway.cli.inspect;

import org.jspecify.annotations.NullMarked;
