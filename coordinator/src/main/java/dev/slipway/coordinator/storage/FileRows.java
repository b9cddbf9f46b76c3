package dev.slipway.coordinator.storage;

import dev.slipway.coordinator.model.Artifact;
import dev.slipway.coordinator.model.Cache;
import dev.slipway.coordinator.model.Changes;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Predicate;

/// The artifacts and caches that are recorded: reads for anyone; what changes them are events, but
/// for when a cache was last used, which each coordinator notes for itself.
public final class FileRows {
    private static final Duration USE_PRECISION = Duration.ofMinutes(1);

    private final Database database;

    public FileRows(Database database) {
        this.database = database;
    }

    /// A cache and when it was last found here, within a minute.
    public record UsedCache(Cache cache, Instant usedAt) {}

    public Optional<Artifact> artifact(Artifact.Name name) {
        return FileTables.ARTIFACTS.get(database, name);
    }

    long lastArtifact() {
        return FileTables.COUNTERS.get(database, FileTables.LAST_ARTIFACT).orElse(0L);
    }

    /// The artifacts of a run by name, until the visitor says false.
    public void artifacts(long run, Predicate<Artifact> visitor) {
        FileTables.ARTIFACTS.scan(
                database, prefix -> prefix.number(run), (name, row) -> visitor.test(row));
    }

    /// All artifacts, until the visitor says false.
    public void artifacts(Predicate<Artifact> visitor) {
        FileTables.ARTIFACTS.scan(database, prefix -> {}, (name, row) -> visitor.test(row));
    }

    public Optional<Cache> cache(Cache.Name name) {
        return FileTables.CACHES.get(database, name).map(content -> content.named(name));
    }

    /// Caches of one version in one scope whose keys begin with a text, until the visitor says
    /// false.
    ///
    /// @param from whose project, scope and version are meant, and whose key is the text
    public void caches(Cache.Name from, Predicate<Cache> visitor) {
        FileTables.CACHES.scanFrom(
                database,
                all -> all.text(from.project()).text(from.scope()).text(from.version()),
                first ->
                        first.text(from.project())
                                .text(from.scope())
                                .text(from.version())
                                .text(from.key()),
                (name, row) -> name.key().startsWith(from.key()) && visitor.test(row.named(name)));
    }

    /// All caches with their uses, until the visitor says false.
    public void caches(Predicate<UsedCache> visitor) {
        FileTables.CACHES.scan(
                database,
                prefix -> {},
                (name, row) -> {
                    Instant used =
                            FileTables.CACHE_USES.get(database, name).orElse(row.createdAt());
                    return visitor.test(new UsedCache(row.named(name), used));
                });
    }

    /// Notes that a cache was found.
    public void used(Cache.Name name, Instant now) {
        Instant before = FileTables.CACHE_USES.get(database, name).orElse(Instant.MIN);
        if (before.plus(USE_PRECISION).isBefore(now)) {
            var batch = new Batch();
            FileTables.CACHE_USES.put(batch, name, now);
            database.write(batch, Database.Durability.BUFFERED);
        }
    }

    /// Adds to a batch what a batch of events changed.
    void write(Batch batch, Changes.Files changes) {
        changes.artifacts()
                .forEach(
                        (name, row) ->
                                row.ifPresentOrElse(
                                        fresh -> FileTables.ARTIFACTS.put(batch, name, fresh),
                                        () -> FileTables.ARTIFACTS.delete(batch, name)));
        changes.lastArtifact()
                .ifPresent(id -> FileTables.COUNTERS.put(batch, FileTables.LAST_ARTIFACT, id));
        changes.caches().forEach((name, row) -> write(batch, name, row));
        for (long run : changes.removedRuns()) {
            FileTables.ARTIFACTS.deletePrefix(batch, prefix -> prefix.number(run));
        }
    }

    private static void write(Batch batch, Cache.Name name, Optional<Cache> row) {
        if (row.isPresent()) {
            FileTables.CACHES.put(batch, name, FileTables.CacheContent.of(row.get()));
        } else {
            FileTables.CACHES.delete(batch, name);
            FileTables.CACHE_USES.delete(batch, name);
        }
    }
}
