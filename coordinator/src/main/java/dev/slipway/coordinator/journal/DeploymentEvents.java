package dev.slipway.coordinator.journal;

import dev.slipway.coordinator.model.Event;
import dev.slipway.coordinator.storage.DeploymentCodec;
import dev.slipway.journal.v1.DeploymentBegun;
import dev.slipway.journal.v1.DeploymentChanged;

import java.time.Instant;

/// The events of deployments, in both directions.
final class DeploymentEvents {
    private DeploymentEvents() {}

    static DeploymentBegun write(Event.DeploymentBegun event) {
        return DeploymentBegun.newBuilder()
                .setDeployment(DeploymentCodec.toProto(event.deployment()))
                .addAllCommits(event.commits().stream().map(DeploymentCodec::toProto).toList())
                .build();
    }

    static Event.DeploymentBegun read(DeploymentBegun from, Instant at) {
        return new Event.DeploymentBegun(
                DeploymentCodec.fromProto(from.getDeployment()),
                from.getCommitsList().stream().map(DeploymentCodec::fromProto).toList(),
                at);
    }

    static DeploymentChanged write(Event.DeploymentChanged event) {
        return DeploymentChanged.newBuilder()
                .setDeployment(DeploymentCodec.toProto(event.deployment()))
                .build();
    }

    static Event.DeploymentChanged read(DeploymentChanged from, Instant at) {
        return new Event.DeploymentChanged(DeploymentCodec.fromProto(from.getDeployment()), at);
    }
}
