package dev.slipway.coordinator.deployments;

import dev.slipway.coordinator.model.Deployment;
import dev.slipway.coordinator.model.EnvironmentName;
import dev.slipway.coordinator.model.EnvironmentState;
import dev.slipway.coordinator.model.Incident;
import dev.slipway.coordinator.storage.DeploymentRows;
import dev.slipway.error.ErrorCode;
import dev.slipway.error.SlipwayException;
import dev.slipway.id.JobId;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// The delivery record as people ask for it. Any thread may call.
public final class Deliveries {
    /// More deployments of an environment than figures are made of: some 30 a day for a year.
    private static final int MOST = 10_000;

    private final DeploymentRows rows;

    public Deliveries(DeploymentRows rows) {
        this.rows = rows;
    }

    /// Which environments are meant.
    ///
    /// @param project empty: all projects
    /// @param environment empty: all environments
    public record Filter(String project, String environment) {
        boolean takes(EnvironmentName name) {
            return (project.isEmpty() || project.equals(name.project()))
                    && (environment.isEmpty()
                            || EnvironmentName.of(name.project(), environment).equals(name));
        }
    }

    public List<EnvironmentState> environments(Filter filter) {
        return rows.environments().stream().filter(known -> filter.takes(known.name())).toList();
    }

    /// Deployments, the latest to begin first.
    public List<Deployment> deployments(Filter filter, int limit) {
        var all = new ArrayList<Deployment>();
        for (EnvironmentState environment : environments(filter)) {
            var own = new ArrayList<Deployment>();
            rows.deployments(environment.name(), one -> own.add(one) && own.size() < limit);
            all.addAll(own);
        }
        all.sort(
                Comparator.comparing((Deployment one) -> one.times().startedAt())
                        .thenComparing(Deployment::name)
                        .reversed());
        return List.copyOf(all.subList(0, Math.min(limit, all.size())));
    }

    /// What was good before the current deployment: not what was taken back, and not what runs now
    /// under another number.
    public Optional<Deployment> goodBefore(EnvironmentState environment) {
        Set<Long> takenBack = new HashSet<>();
        Set<JobId> current = new HashSet<>();
        var found = new ArrayList<Deployment>(1);
        rows.deployments(
                environment.name(),
                one -> {
                    JobId job = one.origin().attempt().job();
                    if (one.number() == environment.current()) {
                        current.add(job);
                    } else if (one.number() < environment.current()
                            && one.succeeded()
                            && one.lineage().rollbackOf() == 0
                            && !takenBack.contains(one.number())
                            && !current.contains(job)) {
                        found.add(one);
                    }
                    takenBack.add(one.lineage().rollbackOf());
                    return found.isEmpty();
                });
        return found.stream().findFirst();
    }

    /// The figures of each environment.
    ///
    /// @param from inclusive
    /// @param to exclusive
    public List<Dora.Figures> dora(Filter filter, Instant from, Instant to) {
        List<Incident> incidents = rows.incidents();
        return environments(filter).stream()
                .filter(known -> known.lastNumber() > 0)
                .map(known -> dora(known.name(), incidents, from, to))
                .toList();
    }

    private Dora.Figures dora(
            EnvironmentName name, List<Incident> incidents, Instant from, Instant to) {
        var history = new ArrayList<Dora.Shipped>();
        rows.deployments(
                name,
                one ->
                        history.add(new Dora.Shipped(one, rows.commits(one.name())))
                                && history.size() < MOST);
        List<Incident> own =
                incidents.stream().filter(one -> one.environment().equals(name)).toList();
        return new Dora(history, own, from, to).figures(name);
    }

    /// The one environment that is meant.
    ///
    /// @param project may be empty when only one has that environment
    /// @throws SlipwayException when there is none, or more than one
    public EnvironmentState only(String project, String environment) {
        List<EnvironmentState> found =
                environment.isBlank() ? List.of() : environments(new Filter(project, environment));
        if (found.isEmpty()) {
            throw new SlipwayException(
                    ErrorCode.ENVIRONMENT_NOT_FOUND,
                    "There is no environment '%s'%s; `slipway environments` lists them."
                            .formatted(
                                    environment,
                                    project.isEmpty() ? "" : " in the project " + project));
        }
        if (found.size() > 1) {
            throw new SlipwayException(
                    ErrorCode.INVALID_ARGUMENT,
                    "Several projects have an environment '%s': %s. Say which one with --project."
                            .formatted(
                                    environment,
                                    String.join(
                                            ", ",
                                            found.stream()
                                                    .map(known -> known.name().project())
                                                    .toList())));
        }
        return found.getFirst();
    }

    /// The latest incidents first.
    public List<Incident> incidents(Filter filter, boolean openOnly, int limit) {
        return rows.incidents().stream()
                .filter(one -> filter.takes(one.environment()))
                .filter(one -> !openOnly || one.open())
                .sorted(Comparator.comparingLong(Incident::id).reversed())
                .limit(limit)
                .toList();
    }
}
