package dev.slipway.coordinator.storage;

import dev.slipway.coordinator.model.Changes;
import dev.slipway.coordinator.model.Commit;
import dev.slipway.coordinator.model.Deployment;
import dev.slipway.coordinator.model.DeploymentArchive;
import dev.slipway.coordinator.model.EnvironmentName;
import dev.slipway.coordinator.model.EnvironmentState;
import dev.slipway.coordinator.model.Incident;
import dev.slipway.coordinator.storage.DeploymentTables.OfRun;
import dev.slipway.journal.v1.GoodVersion;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/// Environments and deployments as recorded: reads for anyone; what changes them are events.
public final class DeploymentRows implements DeploymentArchive {
    private static final byte[] NOTHING = new byte[0];

    private final Database database;

    public DeploymentRows(Database database) {
        this.database = database;
    }

    @Override
    public List<EnvironmentState> environments() {
        var all = new ArrayList<EnvironmentState>();
        DeploymentTables.ENVIRONMENTS.scan(
                database,
                every -> {},
                (name, row) -> all.add(DeploymentCodec.fromProto(name, row)));
        return all;
    }

    public Optional<EnvironmentState> environment(EnvironmentName name) {
        return DeploymentTables.ENVIRONMENTS
                .get(database, name)
                .map(row -> DeploymentCodec.fromProto(name, row));
    }

    @Override
    public Optional<Deployment> deployment(Deployment.Name name) {
        return DeploymentTables.DEPLOYMENTS.get(database, name);
    }

    /// The deployments of an environment, newest first, until the visitor says false.
    public void deployments(EnvironmentName environment, Predicate<Deployment> visitor) {
        DeploymentTables.DEPLOYMENTS.scan(
                database,
                prefix -> DeploymentTables.write(environment, prefix),
                (name, row) -> visitor.test(row));
    }

    /// What a deployment brought, newest first.
    public List<Commit> commits(Deployment.Name name) {
        return DeploymentTables.COMMITS.get(database, name).orElse(List.of());
    }

    @Override
    public List<Incident> incidents() {
        var all = new ArrayList<Incident>();
        DeploymentTables.INCIDENTS.scan(database, every -> {}, (id, row) -> all.add(row));
        return all;
    }

    @Override
    public List<Deployment> ofRun(long run) {
        var all = new ArrayList<Deployment>();
        DeploymentTables.BY_RUN.scan(
                database,
                prefix -> prefix.number(run),
                (key, nothing) -> {
                    deployment(key.name()).ifPresent(all::add);
                    return true;
                });
        return all;
    }

    @Override
    public Optional<Deployment.Good> good(Deployment.Place place) {
        return DeploymentTables.GOOD
                .get(database, place)
                .map(row -> new Deployment.Good(row.getNumber(), row.getVersion()));
    }

    /// A run is no longer kept; its deployments are.
    void forgetRun(Batch batch, long run) {
        DeploymentTables.BY_RUN.deletePrefix(batch, prefix -> prefix.number(run));
    }

    /// Adds to a batch what a batch of events changed.
    void write(Batch batch, Changes.Deployments changes) {
        for (EnvironmentState environment : changes.environments()) {
            DeploymentTables.ENVIRONMENTS.put(
                    batch, environment.name(), DeploymentCodec.toProto(environment));
        }
        for (Deployment deployment : changes.deployments()) {
            DeploymentTables.DEPLOYMENTS.put(batch, deployment.name(), deployment);
            var ofRun = new OfRun(deployment.origin().attempt().run(), deployment.name());
            DeploymentTables.BY_RUN.put(batch, ofRun, NOTHING);
        }
        changes.incidents().forEach(row -> DeploymentTables.INCIDENTS.put(batch, row.id(), row));
        changes.commits()
                .forEach((name, since) -> DeploymentTables.COMMITS.put(batch, name, since));
        changes.goods()
                .forEach(
                        (place, good) ->
                                DeploymentTables.GOOD.put(
                                        batch,
                                        place,
                                        GoodVersion.newBuilder()
                                                .setNumber(good.number())
                                                .setVersion(good.version())
                                                .build()));
    }
}
