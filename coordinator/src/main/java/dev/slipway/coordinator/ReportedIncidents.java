package dev.slipway.coordinator;

import dev.slipway.coordinator.api.Leadership;
import dev.slipway.coordinator.deployments.Deliveries;
import dev.slipway.coordinator.engine.Engine;
import dev.slipway.coordinator.model.Command;
import dev.slipway.coordinator.model.EnvironmentState;
import dev.slipway.coordinator.model.Incident;
import dev.slipway.coordinator.storage.DeploymentRows;
import dev.slipway.coordinator.web.IncidentHook;

import java.util.Comparator;
import java.util.Optional;

/// Records incidents that programs outside tell of.
final class ReportedIncidents implements IncidentHook.Desk {
    private static final String BY = "webhook";

    private final Leadership leadership;
    private final DeploymentRows rows;
    private final Deliveries deliveries;

    ReportedIncidents(Leadership leadership, DeploymentRows rows) {
        this.leadership = leadership;
        this.rows = rows;
        this.deliveries = new Deliveries(rows);
    }

    @Override
    public IncidentHook.Taken open(
            String project, String environment, long deployment, String key, String title)
            throws InterruptedException {
        Engine engine = leadership.require().engine();
        Optional<Incident> known = known(key);
        if (known.isPresent()) {
            return taken(known.get());
        }
        EnvironmentState meant = deliveries.only(project, environment);
        return taken(
                engine.ask(new Command.OpenIncident(meant.name(), deployment, key, title, BY)));
    }

    @Override
    public IncidentHook.Taken close(String key) throws InterruptedException {
        Engine engine = leadership.require().engine();
        Optional<Incident> known = known(key);
        if (known.isPresent() && !known.get().open()) {
            return taken(known.get());
        }
        return taken(engine.ask(new Command.CloseIncident(0, key, BY)));
    }

    /// The latest with that key, open or closed.
    private Optional<Incident> known(String key) {
        return rows.incidents().stream()
                .filter(one -> one.key().equals(key))
                .max(Comparator.comparingLong(Incident::id));
    }

    private static IncidentHook.Taken taken(Incident incident) {
        return new IncidentHook.Taken(incident.id(), incident.open());
    }
}
