/// Which notification rule tells of which event, and what it says. Pure.
///
/// Start reading at {@link dev.slipway.coordinator.rules.Tidings}.
@NullMarked
package dev.slipway.coordinator.rules;

import org.jspecify.annotations.NullMarked;
