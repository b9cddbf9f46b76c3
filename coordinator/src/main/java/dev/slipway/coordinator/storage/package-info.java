/// Tables on disk: typed keys over RocksDB, and the history of runs.
///
/// Start reading at {@link dev.slipway.coordinator.storage.RunStore}, then {@link
/// dev.slipway.coordinator.storage.Database}.
@NullMarked
package dev.slipway.coordinator.storage;

import org.jspecify.annotations.NullMarked;
