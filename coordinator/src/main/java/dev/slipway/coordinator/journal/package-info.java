/// What happened, durable and in order: the port and its implementations.
///
/// Start reading at {@link dev.slipway.coordinator.journal.Journal}.
@NullMarked
package dev.slipway.coordinator.journal;

import org.jspecify.annotations.NullMarked;
