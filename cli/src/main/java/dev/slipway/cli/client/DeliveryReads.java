package dev.slipway.cli.client;

import java.time.Instant;
import java.util.List;

/// What can be asked about environments and deployments, also of a store that no coordinator
/// serves.
public interface DeliveryReads {
    /// Which environments are meant; empty texts mean all.
    record Filter(String project, String environment) {}

    List<EnvironmentInfo> environments(String project) throws InterruptedException;

    /// The latest first.
    ///
    /// @param limit 1 to 500
    List<DeploymentInfo> deployments(Filter filter, int limit) throws InterruptedException;

    /// @param from inclusive
    /// @param to exclusive
    List<DoraInfo> dora(Filter filter, Instant from, Instant to) throws InterruptedException;

    /// The latest first.
    ///
    /// @param limit 1 to 500
    List<IncidentInfo> incidents(Filter filter, boolean openOnly, int limit)
            throws InterruptedException;
}
