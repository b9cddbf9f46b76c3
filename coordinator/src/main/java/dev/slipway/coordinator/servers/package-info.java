/// The servers that a cluster stands on, each in a process of its own: a bookie, a ZooKeeper.
///
/// Start reading at {@link dev.slipway.coordinator.servers.LocalBookie}.
@NullMarked
package dev.slipway.coordinator.servers;

import org.jspecify.annotations.NullMarked;
