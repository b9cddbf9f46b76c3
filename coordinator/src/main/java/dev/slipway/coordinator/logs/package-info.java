/// What steps printed: append-only segment files with an index beside them.
///
/// Start reading at {@link dev.slipway.coordinator.logs.LogStore}.
@NullMarked
package dev.slipway.coordinator.logs;

import org.jspecify.annotations.NullMarked;
