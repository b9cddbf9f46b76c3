package dev.slipway.coordinator.storage;

import dev.slipway.coordinator.model.Commit;
import dev.slipway.coordinator.model.Deployment;
import dev.slipway.coordinator.model.EnvironmentName;
import dev.slipway.coordinator.model.Incident;
import dev.slipway.journal.v1.Commits;
import dev.slipway.journal.v1.Environment;
import dev.slipway.journal.v1.GoodVersion;

import java.util.List;

/// The tables of environments and deployments. They stay when runs go: they are the delivery
/// record.
final class DeploymentTables {
    static final Table<EnvironmentName, Environment> ENVIRONMENTS =
            new Table<>(
                    "environments",
                    new EnvironmentKey(),
                    ProtoCodec.of(Environment::toByteArray, Environment::parseFrom));

    /// By environment, the newest first.
    static final Table<Deployment.Name, Deployment> DEPLOYMENTS =
            new Table<>(
                    "deployments",
                    new DeploymentKey(),
                    ProtoCodec.of(
                            row -> DeploymentCodec.toProto(row).toByteArray(),
                            bytes ->
                                    DeploymentCodec.fromProto(
                                            dev.slipway.journal.v1.Deployment.parseFrom(bytes))));

    static final Table<Deployment.Name, List<Commit>> COMMITS =
            new Table<>(
                    "deployment_commits",
                    new DeploymentKey(),
                    ProtoCodec.of(
                            row ->
                                    Commits.newBuilder()
                                            .addAllCommits(
                                                    row.stream()
                                                            .map(DeploymentCodec::toProto)
                                                            .toList())
                                            .build()
                                            .toByteArray(),
                            bytes ->
                                    Commits.parseFrom(bytes).getCommitsList().stream()
                                            .map(DeploymentCodec::fromProto)
                                            .toList()));

    /// Which deployments a run made.
    static final Table<OfRun, byte[]> BY_RUN =
            new Table<>(
                    "deployment_runs",
                    new OfRunKey(),
                    ProtoCodec.of(bytes -> bytes, bytes -> bytes));

    static final Table<Deployment.Place, GoodVersion> GOOD =
            new Table<>(
                    "good_versions",
                    new PlaceKey(),
                    ProtoCodec.of(GoodVersion::toByteArray, GoodVersion::parseFrom));

    /// By id.
    static final Table<Long, Incident> INCIDENTS =
            new Table<>(
                    "incidents",
                    KeyCodec.NUMBER,
                    ProtoCodec.of(
                            row -> DeploymentCodec.toProto(row).toByteArray(),
                            bytes ->
                                    DeploymentCodec.fromProto(
                                            dev.slipway.journal.v1.Incident.parseFrom(bytes))));

    private DeploymentTables() {}

    record OfRun(long run, Deployment.Name name) {}

    static KeyWriter write(EnvironmentName name, KeyWriter to) {
        return to.text(name.project()).text(name.name());
    }

    private static final class EnvironmentKey implements KeyCodec<EnvironmentName> {
        @Override
        public void write(EnvironmentName key, KeyWriter to) {
            DeploymentTables.write(key, to);
        }

        @Override
        public EnvironmentName read(KeyReader from) {
            return new EnvironmentName(from.text(), from.text());
        }
    }

    private static final class DeploymentKey implements KeyCodec<Deployment.Name> {
        @Override
        public void write(Deployment.Name key, KeyWriter to) {
            DeploymentTables.write(key.environment(), to).descending(key.number());
        }

        @Override
        public Deployment.Name read(KeyReader from) {
            var environment = new EnvironmentName(from.text(), from.text());
            return new Deployment.Name(environment, from.descending());
        }
    }

    private static final class OfRunKey implements KeyCodec<OfRun> {
        private final DeploymentKey deployments = new DeploymentKey();

        @Override
        public void write(OfRun key, KeyWriter to) {
            deployments.write(key.name(), to.number(key.run()));
        }

        @Override
        public OfRun read(KeyReader from) {
            return new OfRun(from.number(), deployments.read(from));
        }
    }

    private static final class PlaceKey implements KeyCodec<Deployment.Place> {
        @Override
        public void write(Deployment.Place key, KeyWriter to) {
            DeploymentTables.write(key.environment(), to).text(key.kind()).text(key.target());
        }

        @Override
        public Deployment.Place read(KeyReader from) {
            var environment = new EnvironmentName(from.text(), from.text());
            return new Deployment.Place(environment, from.text(), from.text());
        }
    }
}
