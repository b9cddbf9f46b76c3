package dev.slipway.coordinator.model;

import java.util.List;
import java.util.Optional;

/// The deployments and environments of the tables: what {@link Archive} is for runs.
public interface DeploymentArchive {
    /// All environments.
    List<EnvironmentState> environments();

    Optional<Deployment> deployment(Deployment.Name name);

    /// All incidents, closed ones included, by id.
    List<Incident> incidents();

    /// Deployments of a run's jobs.
    List<Deployment> ofRun(long run);

    /// What was last healthy at a place.
    Optional<Deployment.Good> good(Deployment.Place place);

    /// An archive that holds nothing.
    DeploymentArchive EMPTY =
            new DeploymentArchive() {
                @Override
                public List<EnvironmentState> environments() {
                    return List.of();
                }

                @Override
                public Optional<Deployment> deployment(Deployment.Name name) {
                    return Optional.empty();
                }

                @Override
                public List<Incident> incidents() {
                    return List.of();
                }

                @Override
                public List<Deployment> ofRun(long run) {
                    return List.of();
                }

                @Override
                public Optional<Deployment.Good> good(Deployment.Place place) {
                    return Optional.empty();
                }
            };
}
