package dev.slipway.coordinator;

import dev.slipway.coordinator.engine.Membership;
import dev.slipway.coordinator.journal.ClusterLogs;
import dev.slipway.coordinator.settings.CoordinatorSettings;

import java.time.Duration;

/// Opens the way to a cluster. What is opened is closed by the coordinator.
@FunctionalInterface
public interface ClusterAccess {
    /// @throws dev.slipway.error.SlipwayException when the cluster cannot be reached
    Cluster open(CoordinatorSettings settings, Coordinator.Ports ports) throws InterruptedException;

    /// A coordinator's part in a cluster.
    ///
    /// @param connection what the others work over; closed last
    record Cluster(AutoCloseable connection, ClusterLogs logs, Membership membership, Pace pace) {}

    /// How often, and how much.
    ///
    /// @param look how often positions are told to the others, and elections looked at
    /// @param sync how often tables are synced, so that the logs can be trimmed
    /// @param keptControl entries of the control log that stay although nobody needs them, for one
    ///   that was away for a while
    /// @param keptOutput the same of the output log
    record Pace(Duration look, Duration sync, long keptControl, long keptOutput) {
        public static final Pace STANDARD =
                new Pace(Duration.ofSeconds(1), Duration.ofSeconds(10), 10_000, 1_000);
    }
}
