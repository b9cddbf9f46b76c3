package dev.slipway.cli.embedded;

import dev.slipway.cli.client.DeliveryMessages;
import dev.slipway.cli.client.DeliveryReads;
import dev.slipway.cli.client.DeploymentInfo;
import dev.slipway.cli.client.DoraInfo;
import dev.slipway.cli.client.EnvironmentInfo;
import dev.slipway.cli.client.IncidentInfo;
import dev.slipway.coordinator.api.DeploymentMessages;
import dev.slipway.coordinator.deployments.Deliveries;
import dev.slipway.coordinator.model.Deployment;
import dev.slipway.coordinator.storage.DeploymentRows;

import java.time.Instant;
import java.util.List;

/// The delivery record of an embedded farm that nobody serves.
final class StoredDeliveries implements DeliveryReads {
    private final DeploymentRows rows;
    private final Deliveries deliveries;

    StoredDeliveries(DeploymentRows rows) {
        this.rows = rows;
        this.deliveries = new Deliveries(rows);
    }

    private static Deliveries.Filter filter(Filter filter) {
        return new Deliveries.Filter(filter.project(), filter.environment());
    }

    @Override
    public List<EnvironmentInfo> environments(String project) {
        return deliveries.environments(new Deliveries.Filter(project, "")).stream()
                .map(
                        state ->
                                DeploymentMessages.environment(
                                        state,
                                        rows.deployment(
                                                new Deployment.Name(state.name(), state.current())),
                                        rows.deployment(
                                                new Deployment.Name(
                                                        state.name(), state.lastNumber()))))
                .map(DeliveryMessages::environment)
                .toList();
    }

    @Override
    public List<DeploymentInfo> deployments(Filter filter, int limit) {
        return deliveries.deployments(filter(filter), limit).stream()
                .map(DeploymentMessages::deployment)
                .map(DeliveryMessages::deployment)
                .toList();
    }

    @Override
    public List<DoraInfo> dora(Filter filter, Instant from, Instant to) {
        return deliveries.dora(filter(filter), from, to).stream()
                .map(DeploymentMessages::figures)
                .map(DeliveryMessages::dora)
                .toList();
    }

    @Override
    public List<IncidentInfo> incidents(Filter filter, boolean openOnly, int limit) {
        return deliveries.incidents(filter(filter), openOnly, limit).stream()
                .map(DeploymentMessages::incident)
                .map(DeliveryMessages::incident)
                .toList();
    }
}
