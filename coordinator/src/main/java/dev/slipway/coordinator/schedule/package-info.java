/// Pairs waiting jobs with free slots, and says why not. Pure: no clock, no I/O.
///
/// Start reading at {@link dev.slipway.coordinator.schedule.Scheduler}.
@NullMarked
package dev.slipway.coordinator.schedule;

import org.jspecify.annotations.NullMarked;
