/// Time and threads as ports, so that a whole farm can run under virtual time.
///
/// Start reading at {@link dev.slipway.time.Timers}.
@NullMarked
package dev.slipway.time;

import org.jspecify.annotations.NullMarked;
