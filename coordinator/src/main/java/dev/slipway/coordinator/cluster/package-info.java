/// Who leads, who is a member, and whether this member may act: ZooKeeper's part of a cluster.
///
/// Start reading at {@link dev.slipway.coordinator.cluster.Election}.
@NullMarked
package dev.slipway.coordinator.cluster;

import org.jspecify.annotations.NullMarked;
