package dev.slipway.cli.embedded;

import dev.slipway.cli.client.DeliveryReads;
import dev.slipway.cli.client.DeploymentInfo;
import dev.slipway.cli.client.DoraInfo;
import dev.slipway.cli.client.EnvironmentInfo;
import dev.slipway.cli.client.IncidentInfo;

import java.time.Instant;
import java.util.List;

/// The delivery record before the first run: there is none.
final class NoDeliveries implements DeliveryReads {
    @Override
    public List<EnvironmentInfo> environments(String project) {
        return List.of();
    }

    @Override
    public List<DeploymentInfo> deployments(Filter filter, int limit) {
        return List.of();
    }

    @Override
    public List<DoraInfo> dora(Filter filter, Instant from, Instant to) {
        return List.of();
    }

    @Override
    public List<IncidentInfo> incidents(Filter filter, boolean openOnly, int limit) {
        return List.of();
    }
}
