package dev.slipway.coordinator.model;

import dev.slipway.id.JobId;

import org.jspecify.annotations.Nullable;

import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/// The part of {@link FarmState} that is about deployments: all environments, the deployments of
/// unfinished runs, and what changed since the last write. For one thread.
final class DeploymentBook implements DeploymentView {
    private final DeploymentArchive archive;
    private final NavigableMap<EnvironmentName, EnvironmentState> environments = new TreeMap<>();
    private final NavigableMap<Deployment.Name, Deployment> deployments = new TreeMap<>();
    private final Map<Long, TreeSet<Deployment.Name>> byRun = new TreeMap<>();

    private final NavigableMap<Long, Incident> incidents = new TreeMap<>();
    private final Map<EnvironmentName, NavigableSet<JobId>> jobs = new TreeMap<>();
    private long lastIncident;

    private final NavigableMap<Long, Incident> changedIncidents = new TreeMap<>();
    private final Map<EnvironmentName, EnvironmentState> changedEnvironments = new TreeMap<>();
    private final Map<Deployment.Name, Deployment> changed = new TreeMap<>();
    private final Map<Deployment.Name, List<Commit>> commits = new TreeMap<>();
    private final Map<Deployment.Place, Deployment.Good> goods = new TreeMap<>();

    DeploymentBook(DeploymentArchive archive) {
        this.archive = archive;
        archive.environments().forEach(known -> environments.put(known.name(), known));
        for (Incident known : archive.incidents()) {
            lastIncident = Math.max(lastIncident, known.id());
            if (known.open()) {
                incidents.put(known.id(), known);
            }
        }
    }

    /// A run is unfinished (again).
    void load(long run) {
        archive.ofRun(run).forEach(this::index);
        changed.values().stream()
                .filter(deployment -> deployment.origin().attempt().run() == run)
                .forEach(this::index);
    }

    /// A run has finished: its deployments are history.
    void unload(long run) {
        TreeSet<Deployment.Name> names = byRun.remove(run);
        if (names != null) {
            names.forEach(deployments::remove);
        }
    }

    /// A job has changed.
    void job(String project, @Nullable JobState before, JobState now) {
        if (before != null && before.planned() && !before.plan().environment().isEmpty()) {
            EnvironmentName name = EnvironmentName.of(project, before.plan().environment());
            NavigableSet<JobId> known = jobs.get(name);
            if (known != null && known.remove(before.id()) && known.isEmpty()) {
                jobs.remove(name);
            }
        }
        if (now.planned() && !now.finished() && !now.plan().environment().isEmpty()) {
            EnvironmentName name = EnvironmentName.of(project, now.plan().environment());
            jobs.computeIfAbsent(name, unknown -> new TreeSet<>()).add(now.id());
        }
    }

    NavigableSet<JobId> jobsOf(EnvironmentName environment) {
        NavigableSet<JobId> known = jobs.get(environment);
        return known == null ? new TreeSet<>() : known;
    }

    void configure(EnvironmentName name, String label, EnvironmentRules rules) {
        EnvironmentState before =
                environments.getOrDefault(name, EnvironmentState.fresh(name, label));
        put(before.with(label, rules));
    }

    void put(Incident incident) {
        lastIncident = Math.max(lastIncident, incident.id());
        changedIncidents.put(incident.id(), incident);
        if (incident.open()) {
            incidents.put(incident.id(), incident);
        } else {
            incidents.remove(incident.id());
        }
    }

    void begin(Deployment deployment, List<Commit> since) {
        put(deployment);
        if (!since.isEmpty()) {
            commits.put(deployment.name(), since);
        }
    }

    void put(Deployment deployment) {
        index(deployment);
        changed.put(deployment.name(), deployment);
        EnvironmentName name = deployment.environment();
        EnvironmentState before =
                environments.getOrDefault(name, EnvironmentState.fresh(name, deployment.label()));
        put(before.with(deployment));
        if (deployment.succeeded() && isNewest(deployment)) {
            goods.put(
                    deployment.place(),
                    new Deployment.Good(deployment.number(), deployment.target().version()));
        }
    }

    private boolean isNewest(Deployment succeeded) {
        return good(succeeded.place())
                .filter(known -> known.number() > succeeded.number())
                .isEmpty();
    }

    private void put(EnvironmentState environment) {
        environments.put(environment.name(), environment);
        changedEnvironments.put(environment.name(), environment);
    }

    private void index(Deployment deployment) {
        deployments.put(deployment.name(), deployment);
        byRun.computeIfAbsent(deployment.origin().attempt().run(), run -> new TreeSet<>())
                .add(deployment.name());
    }

    @Override
    public Collection<EnvironmentState> environments() {
        return Collections.unmodifiableCollection(environments.values());
    }

    @Override
    public Optional<EnvironmentState> environment(EnvironmentName name) {
        return Optional.ofNullable(environments.get(name));
    }

    @Override
    public Optional<Deployment> deployment(Deployment.Name name) {
        Deployment known = deployments.get(name);
        Deployment fresh = known == null ? changed.get(name) : known;
        return fresh == null ? archive.deployment(name) : Optional.of(fresh);
    }

    @Override
    public List<Deployment> ofJob(JobId job) {
        return byRun.getOrDefault(job.run(), new TreeSet<>()).stream()
                .map(deployments::get)
                .filter(deployment -> deployment.origin().attempt().job().equals(job))
                .toList();
    }

    @Override
    public Collection<Deployment> ofUnfinishedRuns() {
        return Collections.unmodifiableCollection(deployments.values());
    }

    @Override
    public Collection<Incident> openIncidents() {
        return Collections.unmodifiableCollection(incidents.values());
    }

    @Override
    public long lastIncident() {
        return lastIncident;
    }

    @Override
    public Optional<Deployment.Good> good(Deployment.Place place) {
        Deployment.Good fresh = goods.get(place);
        return fresh == null ? archive.good(place) : Optional.of(fresh);
    }

    Changes.Deployments drain() {
        var changes =
                new Changes.Deployments(
                        List.copyOf(changedEnvironments.values()),
                        List.copyOf(changed.values()),
                        new TreeMap<>(commits),
                        new TreeMap<>(goods),
                        List.copyOf(changedIncidents.values()));
        changedEnvironments.clear();
        changed.clear();
        commits.clear();
        goods.clear();
        changedIncidents.clear();
        return changes;
    }
}
