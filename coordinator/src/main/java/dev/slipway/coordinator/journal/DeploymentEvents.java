package dev.slipway.coordinator.journal;

import dev.slipway.coordinator.model.EnvironmentName;
import dev.slipway.coordinator.model.Event;
import dev.slipway.coordinator.storage.DeploymentCodec;
import dev.slipway.journal.v1.DeploymentBegun;
import dev.slipway.journal.v1.DeploymentChanged;
import dev.slipway.journal.v1.EnvironmentConfigured;
import dev.slipway.journal.v1.IncidentClosed;
import dev.slipway.journal.v1.IncidentOpened;

import java.time.Instant;

/// The events of deployments and environments, in both directions.
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

    static EnvironmentConfigured write(Event.EnvironmentConfigured event) {
        return EnvironmentConfigured.newBuilder()
                .setProject(event.name().project())
                .setEnvironment(event.label())
                .setRules(DeploymentCodec.toProto(event.rules()))
                .setBy(event.by())
                .build();
    }

    static Event.EnvironmentConfigured read(EnvironmentConfigured from, Instant at) {
        return new Event.EnvironmentConfigured(
                EnvironmentName.of(from.getProject(), from.getEnvironment()),
                from.getEnvironment(),
                DeploymentCodec.fromProto(from.getRules()),
                from.getBy(),
                at);
    }

    static IncidentOpened write(Event.IncidentOpened event) {
        return IncidentOpened.newBuilder()
                .setIncident(DeploymentCodec.toProto(event.incident()))
                .build();
    }

    static Event.IncidentOpened read(IncidentOpened from, Instant at) {
        return new Event.IncidentOpened(DeploymentCodec.fromProto(from.getIncident()), at);
    }

    static IncidentClosed write(Event.IncidentClosed event) {
        return IncidentClosed.newBuilder()
                .setIncident(DeploymentCodec.toProto(event.incident()))
                .build();
    }

    static Event.IncidentClosed read(IncidentClosed from, Instant at) {
        return new Event.IncidentClosed(DeploymentCodec.fromProto(from.getIncident()), at);
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
