package dev.slipway.coordinator.journal;

import dev.slipway.coordinator.model.Artifact;
import dev.slipway.coordinator.model.Cache;
import dev.slipway.coordinator.model.Event;
import dev.slipway.coordinator.storage.Millis;
import dev.slipway.id.AttemptId;
import dev.slipway.journal.v1.ArtifactName;
import dev.slipway.journal.v1.ArtifactRecorded;
import dev.slipway.journal.v1.ArtifactsRemoved;
import dev.slipway.journal.v1.CacheName;
import dev.slipway.journal.v1.CacheRecorded;
import dev.slipway.journal.v1.CachesRemoved;
import dev.slipway.journal.v1.Content;

import java.time.Instant;

/// The events of artifacts and caches, in both directions.
final class FileEvents {
    private FileEvents() {}

    static ArtifactRecorded write(Event.ArtifactRecorded event) {
        Artifact artifact = event.artifact();
        return ArtifactRecorded.newBuilder()
                .setId(artifact.id())
                .setCreator(artifact.creator().toString())
                .setRunAttempt(artifact.runAttempt())
                .setName(artifact.name())
                .setManifest(write(artifact.manifest()))
                .setSize(artifact.size())
                .setFiles(artifact.files())
                .setCreatedAtMs(Millis.of(artifact.createdAt()))
                .setExpiresAtMs(Millis.of(artifact.expiresAt()))
                .build();
    }

    static Event.ArtifactRecorded read(ArtifactRecorded from, Instant at) {
        return new Event.ArtifactRecorded(
                new Artifact(
                        from.getId(),
                        AttemptId.parse(from.getCreator()),
                        from.getRunAttempt(),
                        from.getName(),
                        read(from.getManifest()),
                        from.getSize(),
                        from.getFiles(),
                        Millis.at(from.getCreatedAtMs()),
                        Millis.at(from.getExpiresAtMs())),
                at);
    }

    static ArtifactsRemoved write(Event.ArtifactsRemoved event) {
        var to = ArtifactsRemoved.newBuilder();
        event.names()
                .forEach(
                        name ->
                                to.addNames(
                                        ArtifactName.newBuilder()
                                                .setRun(name.run())
                                                .setName(name.name())));
        return to.build();
    }

    static Event.ArtifactsRemoved read(ArtifactsRemoved from, Instant at) {
        return new Event.ArtifactsRemoved(
                from.getNamesList().stream()
                        .map(name -> new Artifact.Name(name.getRun(), name.getName()))
                        .toList(),
                at);
    }

    static CacheRecorded write(Event.CacheRecorded event) {
        Cache cache = event.cache();
        return CacheRecorded.newBuilder()
                .setName(write(cache.name()))
                .setManifest(write(cache.manifest()))
                .setSize(cache.size())
                .setCreatedAtMs(Millis.of(cache.createdAt()))
                .build();
    }

    static Event.CacheRecorded read(CacheRecorded from, Instant at) {
        return new Event.CacheRecorded(
                new Cache(
                        read(from.getName()),
                        read(from.getManifest()),
                        from.getSize(),
                        Millis.at(from.getCreatedAtMs())),
                at);
    }

    static CachesRemoved write(Event.CachesRemoved event) {
        var to = CachesRemoved.newBuilder();
        event.names().forEach(name -> to.addNames(write(name)));
        return to.build();
    }

    static Event.CachesRemoved read(CachesRemoved from, Instant at) {
        return new Event.CachesRemoved(
                from.getNamesList().stream().map(FileEvents::read).toList(), at);
    }

    private static CacheName write(Cache.Name name) {
        return CacheName.newBuilder()
                .setProject(name.project())
                .setScope(name.scope())
                .setVersion(name.version())
                .setKey(name.key())
                .build();
    }

    private static Cache.Name read(CacheName from) {
        return new Cache.Name(from.getProject(), from.getScope(), from.getVersion(), from.getKey());
    }

    private static Content write(Artifact.Content content) {
        return Content.newBuilder().setSha256(content.sha256()).setSize(content.size()).build();
    }

    private static Artifact.Content read(Content from) {
        return new Artifact.Content(from.getSha256(), from.getSize());
    }
}
