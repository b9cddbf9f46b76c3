package dev.slipway.cli.client;

import java.util.List;

/// Environments and deployments of a farm that lives.
public interface Deliveries extends DeliveryReads {
    EnvironmentInfo configure(String project, String environment, EnvironmentInfo.Changes changes)
            throws InterruptedException;

    /// @param job empty: all that wait for their environment
    record Review(long run, String job, boolean reject, String comment, String by) {}

    /// @return names of the jobs that were reviewed
    List<String> review(Review review) throws InterruptedException;

    /// @param back what comes back
    /// @param run whose job runs again
    record RolledBack(DeploymentInfo back, long run, int runAttempt) {}

    /// @param to number of the deployment that comes back; 0: the good one before the current one
    /// @param token makes a retried request one rollback
    RolledBack rollBack(Filter filter, long to, String token) throws InterruptedException;

    /// @param deployment that caused it; 0: the current one
    record NewIncident(Filter filter, long deployment, String key, String title, String by) {}

    IncidentInfo open(NewIncident incident) throws InterruptedException;

    /// @param key names it when not empty
    IncidentInfo close(long id, String key, String by) throws InterruptedException;
}
