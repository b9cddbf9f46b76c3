package dev.slipway.coordinator.blobs;

import dev.slipway.coordinator.model.Cache;
import dev.slipway.coordinator.storage.FileRows;
import dev.slipway.coordinator.storage.FileRows.UsedCache;
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

/// Caches by project, scope (a ref), version (a digest of the paths) and key: their files and
/// reads. An entry is written once and never changes; that one exists is recorded by the engine.
/// Safe for many threads.
public final class CacheStore {
    private static final int LONGEST_KEY = 512;
    private static final int MOST_KEYS = 10;
    private static final Duration UNUSED_LIFE = Duration.ofDays(7);

    private final FileRows rows;
    private final Manifests manifests;
    private final Clock clock;

    /// What a step looks for.
    ///
    /// @param scopes refs whose caches it may read, the best first
    /// @param restoreKeys prefixes, the best first
    public record Wanted(
            String project,
            List<String> scopes,
            String version,
            String key,
            List<String> restoreKeys) {
        private Cache.Name named(String scope, String prefix) {
            return new Cache.Name(project, scope, version, prefix);
        }
    }

    public CacheStore(FileRows rows, BlobStore blobs, Clock clock) {
        this.rows = rows;
        this.manifests = new Manifests(blobs);
        this.clock = clock;
    }

    /// The best match: scope by scope the exact key, then the newest entry that begins with the
    /// key, then with each restore key in turn.
    public Optional<Cache> lookup(Wanted wanted) {
        checkKey(wanted.key());
        wanted.restoreKeys().forEach(CacheStore::checkKey);
        if (wanted.restoreKeys().size() >= MOST_KEYS) {
            throw new SlipwayException(
                    ErrorCode.INVALID_ARGUMENT,
                    "A cache is looked up by at most %d keys.".formatted(MOST_KEYS));
        }
        for (String scope : wanted.scopes()) {
            Cache found = lookup(wanted, scope);
            if (found != null) {
                rows.used(found.name(), clock.now());
                return Optional.of(found);
            }
        }
        return Optional.empty();
    }

    private @Nullable Cache lookup(Wanted wanted, String scope) {
        Optional<Cache> exact = rows.cache(wanted.named(scope, wanted.key()));
        if (exact.isPresent()) {
            return exact.get();
        }
        Cache found = newest(wanted.named(scope, wanted.key()));
        for (String prefix : wanted.restoreKeys()) {
            if (found == null) {
                found = newest(wanted.named(scope, prefix));
            }
        }
        return found;
    }

    private @Nullable Cache newest(Cache.Name prefix) {
        var best = new ArrayList<Cache>(1);
        rows.caches(
                prefix,
                row -> {
                    if (best.isEmpty() || row.createdAt().isAfter(best.getFirst().createdAt())) {
                        best.clear();
                        best.add(row);
                    }
                    return true;
                });
        return best.isEmpty() ? null : best.getFirst();
    }

    /// Whether there is an entry of this name.
    public boolean has(Cache.Name name) {
        return rows.cache(name).isPresent();
    }

    /// Stores the list of files of an entry whose content is uploaded.
    ///
    /// @return to be recorded ({@link dev.slipway.coordinator.model.Command.RecordCache}); its time
    ///   is given then
    /// @throws SlipwayException when the key is not allowed, or content is missing
    public Cache prepare(Cache.Name name, List<StoredFile> files) {
        checkKey(name.key());
        var manifest = Manifest.of(files, true);
        return new Cache(name, manifests.store(manifest).content(), manifest.size(), Instant.EPOCH);
    }

    private static void checkKey(String key) {
        if (key.isEmpty() || key.length() > LONGEST_KEY || key.indexOf(',') >= 0) {
            throw new SlipwayException(
                    ErrorCode.INVALID_ARGUMENT,
                    "'%s' is no cache key: it must have 1 to %d characters and no comma."
                            .formatted(key, LONGEST_KEY));
        }
    }

    public Manifest files(Cache row) {
        return manifests.load(BlobRef.of(row.manifest()));
    }

    /// Entries that nobody has found for a week.
    ///
    /// @param most how many to name
    List<Cache.Name> unused(int most) {
        Instant oldest = clock.now().minus(UNUSED_LIFE);
        return entries().stream()
                .filter(entry -> entry.usedAt().isBefore(oldest))
                .limit(most)
                .map(entry -> entry.cache().name())
                .toList();
    }

    /// The entries that were not used for the longest time, with about `bytes` of content.
    ///
    /// @param most how many to name
    List<Cache.Name> leastUsed(long bytes, int most) {
        var oldest = new ArrayList<Cache.Name>();
        long freed = 0;
        for (UsedCache entry :
                entries().stream().sorted(Comparator.comparing(UsedCache::usedAt)).toList()) {
            if (freed >= bytes || oldest.size() >= most) {
                break;
            }
            oldest.add(entry.cache().name());
            freed += entry.cache().size();
        }
        return oldest;
    }

    private List<UsedCache> entries() {
        var entries = new ArrayList<UsedCache>();
        rows.caches(entries::add);
        return entries;
    }

    /// Names every blob that a cache needs.
    void references(Consumer<BlobRef> found) {
        for (UsedCache entry : entries()) {
            found.accept(BlobRef.of(entry.cache().manifest()));
            files(entry.cache()).blobs().forEach(found);
        }
    }
}
