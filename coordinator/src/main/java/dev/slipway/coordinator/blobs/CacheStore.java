package dev.slipway.coordinator.blobs;

import dev.slipway.coordinator.storage.Batch;
import dev.slipway.coordinator.storage.Database;
import dev.slipway.coordinator.storage.KeyCodec;
import dev.slipway.coordinator.storage.KeyReader;
import dev.slipway.coordinator.storage.KeyWriter;
import dev.slipway.coordinator.storage.Table;
import dev.slipway.error.ErrorCode;
import dev.slipway.error.SlipwayException;
import dev.slipway.time.Clock;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/// Caches by project, scope (a ref), version (a digest of the paths) and key. An entry is written
/// once and never changes. Safe for many threads.
public final class CacheStore {
    private static final int LONGEST_KEY = 512;
    private static final int MOST_KEYS = 10;
    private static final Duration UNUSED_LIFE = Duration.ofDays(7);
    private static final Table<Name, CacheRow> CACHES =
            new Table<>("caches", new NameCodec(), BlobRows.CACHE);

    private final Database database;
    private final Manifests manifests;
    private final Clock clock;

    private record Name(String project, String scope, String version, String key) {}

    private static final class NameCodec implements KeyCodec<Name> {
        @Override
        public void write(Name name, KeyWriter to) {
            to.text(name.project()).text(name.scope()).text(name.version()).text(name.key());
        }

        @Override
        public Name read(KeyReader from) {
            return new Name(from.text(), from.text(), from.text(), from.text());
        }
    }

    /// What a step looks for.
    ///
    /// @param scopes refs whose caches it may read, the best first
    /// @param restoreKeys prefixes, the best first
    public record Wanted(
            String project,
            List<String> scopes,
            String version,
            String key,
            List<String> restoreKeys) {}

    /// What a step wants to keep.
    public record NewCache(
            String project, String scope, String version, String key, List<StoredFile> files) {}

    public CacheStore(Database database, BlobStore blobs, Clock clock) {
        this.database = database;
        this.manifests = new Manifests(blobs);
        this.clock = clock;
    }

    /// The best match: scope by scope the exact key, then the newest entry that begins with the
    /// key, then with each restore key in turn.
    public Optional<CacheRow> lookup(Wanted wanted) {
        checkKey(wanted.key());
        wanted.restoreKeys().forEach(CacheStore::checkKey);
        if (wanted.restoreKeys().size() >= MOST_KEYS) {
            throw new SlipwayException(
                    ErrorCode.INVALID_ARGUMENT,
                    "A cache is looked up by at most %d keys.".formatted(MOST_KEYS));
        }
        for (String scope : wanted.scopes()) {
            Name found = lookup(wanted, scope);
            if (found != null) {
                return touch(found);
            }
        }
        return Optional.empty();
    }

    private @Nullable Name lookup(Wanted wanted, String scope) {
        var exact = new Name(wanted.project(), scope, wanted.version(), wanted.key());
        if (CACHES.contains(database, exact)) {
            return exact;
        }
        Name found = newest(wanted, scope, wanted.key());
        for (String prefix : wanted.restoreKeys()) {
            if (found == null) {
                found = newest(wanted, scope, prefix);
            }
        }
        return found;
    }

    private @Nullable Name newest(Wanted wanted, String scope, String prefix) {
        var best = new ArrayList<Name>(1);
        var newest = new ArrayList<Instant>(1);
        CACHES.scanFrom(
                database,
                all -> all.text(wanted.project()).text(scope).text(wanted.version()),
                from -> from.text(wanted.project()).text(scope).text(wanted.version()).text(prefix),
                (name, row) -> {
                    if (!name.key().startsWith(prefix)) {
                        return false;
                    }
                    if (newest.isEmpty() || row.createdAt().isAfter(newest.getFirst())) {
                        newest.clear();
                        newest.add(row.createdAt());
                        best.clear();
                        best.add(name);
                    }
                    return true;
                });
        return best.isEmpty() ? null : best.getFirst();
    }

    private synchronized Optional<CacheRow> touch(Name name) {
        Optional<CacheRow> row = CACHES.get(database, name);
        Instant now = clock.now();
        if (row.isPresent() && row.get().usedAt().isBefore(now.minusSeconds(60))) {
            var batch = new Batch();
            CACHES.put(batch, name, row.get().used(now));
            database.write(batch, Database.Durability.BUFFERED);
        }
        return row;
    }

    /// Keeps an entry whose content is uploaded; durable when this returns.
    ///
    /// @return false when the key exists in this scope already
    public boolean create(NewCache wanted) {
        checkKey(wanted.key());
        var manifest = Manifest.of(wanted.files(), true);
        var name = new Name(wanted.project(), wanted.scope(), wanted.version(), wanted.key());
        if (CACHES.contains(database, name)) {
            return false;
        }
        BlobRef stored = manifests.store(manifest);
        Instant now = clock.now();
        synchronized (this) {
            if (CACHES.contains(database, name)) {
                return false;
            }
            var batch = new Batch();
            CACHES.put(batch, name, new CacheRow(wanted.key(), stored, manifest.size(), now, now));
            database.write(batch, Database.Durability.SYNCED);
            return true;
        }
    }

    private static void checkKey(String key) {
        if (key.isEmpty() || key.length() > LONGEST_KEY || key.indexOf(',') >= 0) {
            throw new SlipwayException(
                    ErrorCode.INVALID_ARGUMENT,
                    "'%s' is no cache key: it must have 1 to %d characters and no comma."
                            .formatted(key, LONGEST_KEY));
        }
    }

    public Manifest files(CacheRow row) {
        return manifests.load(row.manifest());
    }

    /// Forgets entries that nobody has found for a week.
    ///
    /// @return how many
    public int removeUnused() {
        Instant oldest = clock.now().minus(UNUSED_LIFE);
        return remove(
                entries().stream().filter(entry -> entry.row().usedAt().isBefore(oldest)).toList());
    }

    /// Forgets the entries that were not used for the longest time, until about `bytes` of content
    /// are free.
    ///
    /// @return how many
    public int evict(long bytes) {
        var oldest = new ArrayList<Entry>();
        long freed = 0;
        for (Entry entry :
                entries().stream()
                        .sorted(Comparator.comparing(entry -> entry.row().usedAt()))
                        .toList()) {
            if (freed >= bytes) {
                break;
            }
            oldest.add(entry);
            freed += entry.row().size();
        }
        return remove(oldest);
    }

    /// Visits all entries.
    public static void every(Database database, Consumer<CacheRow> visitor) {
        CACHES.scan(
                database,
                prefix -> {},
                (name, row) -> {
                    visitor.accept(row);
                    return true;
                });
    }

    private record Entry(Name name, CacheRow row) {}

    private List<Entry> entries() {
        var entries = new ArrayList<Entry>();
        CACHES.scan(database, prefix -> {}, (name, row) -> entries.add(new Entry(name, row)));
        return entries;
    }

    private synchronized int remove(List<Entry> entries) {
        var batch = new Batch();
        entries.forEach(entry -> CACHES.delete(batch, entry.name()));
        if (!batch.isEmpty()) {
            database.write(batch, Database.Durability.BUFFERED);
        }
        return entries.size();
    }

    /// Names every blob that a cache needs.
    void references(Consumer<BlobRef> found) {
        for (Entry entry : entries()) {
            found.accept(entry.row().manifest());
            manifests.load(entry.row().manifest()).blobs().forEach(found);
        }
    }
}
