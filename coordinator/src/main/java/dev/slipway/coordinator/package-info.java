/// One coordinator process: accepts runs, decides, schedules, records, serves.
///
/// Start reading at {@link dev.slipway.coordinator.Coordinator}.
@NullMarked
package dev.slipway.coordinator;

import org.jspecify.annotations.NullMarked;
