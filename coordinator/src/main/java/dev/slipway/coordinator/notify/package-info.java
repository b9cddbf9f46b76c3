/// Takes what notification rules owe to its destinations, from the leader only.
///
/// Start reading at {@link dev.slipway.coordinator.notify.Notifier}.
@NullMarked
package dev.slipway.coordinator.notify;

import org.jspecify.annotations.NullMarked;
