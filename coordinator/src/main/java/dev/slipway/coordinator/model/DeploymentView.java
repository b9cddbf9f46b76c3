package dev.slipway.coordinator.model;

import dev.slipway.id.JobId;

import java.util.Collection;
import java.util.List;
import java.util.Optional;

/// What is true of environments and deployments: the part of {@link FarmView} that is about them.
public interface DeploymentView {
    Collection<EnvironmentState> environments();

    Optional<EnvironmentState> environment(EnvironmentName name);

    /// A deployment, ended ones included.
    Optional<Deployment> deployment(Deployment.Name name);

    /// The deployments of a job of an unfinished run, of all its run attempts, by name.
    List<Deployment> ofJob(JobId job);

    /// Deployments of unfinished runs, by name.
    Collection<Deployment> ofUnfinishedRuns();

    /// Incidents that are open, by id.
    Collection<Incident> openIncidents();

    /// The highest id ever given to an incident.
    long lastIncident();

    /// What was last healthy at a place.
    Optional<Deployment.Good> good(Deployment.Place place);
}
