/// Commands that work on a coordinator's data directory itself: backup, restore, verification.
///
/// Start reading at {@link dev.slipway.cli.data.BackupCommand}.
@NullMarked
package dev.slipway.cli.data;

import org.jspecify.annotations.NullMarked;
