/// What an operator can set on a coordinator: names, defaults and rules in one place.
///
/// Start reading at {@link dev.slipway.coordinator.settings.CoordinatorSettings}.
@NullMarked
package dev.slipway.coordinator.settings;

import org.jspecify.annotations.NullMarked;
