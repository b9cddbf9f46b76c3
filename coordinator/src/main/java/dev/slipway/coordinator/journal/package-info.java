/// The truth: the sequence of what happened, and how it is written down.
///
/// Start reading at {@link dev.slipway.coordinator.journal.EventCodec}.
@NullMarked
package dev.slipway.coordinator.journal;

import org.jspecify.annotations.NullMarked;
