/// Copies of a farm's data: taking them while the farm lives, putting them back, and checking that
/// data is whole.
///
/// Start reading at {@link dev.slipway.coordinator.backup.Backups}.
@NullMarked
package dev.slipway.coordinator.backup;

import org.jspecify.annotations.NullMarked;
