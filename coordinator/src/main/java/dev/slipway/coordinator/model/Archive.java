package dev.slipway.coordinator.model;

import java.util.Optional;

/// What {@link FarmState} reads of what it no longer holds in memory: the records of runs that have
/// ended, what was submitted, client tokens, artifacts, caches and deployments. It is derived from
/// the same events, so a state and its archive always belong together.
public interface Archive {
    Optional<RunRecords> records(long run);

    Optional<RunSpec> spec(long run);

    Optional<FarmView.TokenUse> token(String clientToken);

    Optional<Artifact> artifact(Artifact.Name name);

    /// The highest id ever given to an artifact.
    long lastArtifact();

    Optional<Cache> cache(Cache.Name name);

    DeploymentArchive deployments();

    NotificationArchive notifications();

    /// An archive that holds nothing.
    Archive EMPTY =
            new Archive() {
                @Override
                public Optional<RunRecords> records(long run) {
                    return Optional.empty();
                }

                @Override
                public Optional<RunSpec> spec(long run) {
                    return Optional.empty();
                }

                @Override
                public Optional<FarmView.TokenUse> token(String clientToken) {
                    return Optional.empty();
                }

                @Override
                public Optional<Artifact> artifact(Artifact.Name name) {
                    return Optional.empty();
                }

                @Override
                public long lastArtifact() {
                    return 0;
                }

                @Override
                public Optional<Cache> cache(Cache.Name name) {
                    return Optional.empty();
                }

                @Override
                public DeploymentArchive deployments() {
                    return DeploymentArchive.EMPTY;
                }

                @Override
                public NotificationArchive notifications() {
                    return NotificationArchive.EMPTY;
                }
            };
}
