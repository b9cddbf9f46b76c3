package dev.slipway.coordinator.blobs;

import dev.slipway.coordinator.model.Artifact;
import dev.slipway.coordinator.model.Cache;
import dev.slipway.error.ErrorCode;
import dev.slipway.error.SlipwayException;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;

/// Removes what nothing needs: caches that are not used, artifacts that have expired, and then
/// every blob without a reference. Blocks; used off the paths of runs.
public final class BlobKeeper {
    private static final Logger LOG = LoggerFactory.getLogger(BlobKeeper.class);

    /// Names in one event; what is more goes with the next round.
    private static final int AT_ONCE = 1_000;

    private final BlobStore blobs;
    private final ArtifactStore artifacts;
    private final CacheStore caches;
    private final Forgetting forgetting;
    private final Consumer<Consumer<BlobRef>> sources;
    private final long quota;
    private final CollectionPause pause;

    /// @param quota bytes that blobs may take
    /// @param pause keeps this from removing anything for a while
    public record Limits(long quota, CollectionPause pause) {}

    /// Records that artifacts and caches are gone.
    public interface Forgetting {
        /// @return how many there were
        int artifacts(List<Artifact.Name> names) throws InterruptedException;

        /// @return how many there were
        int caches(List<Cache.Name> names) throws InterruptedException;
    }

    /// @param sources names the sources of all runs that are kept, unfinished ones included
    /// @param limits how much is kept, and when nothing is removed
    public BlobKeeper(
            BlobStore blobs,
            ArtifactStore artifacts,
            CacheStore caches,
            Forgetting forgetting,
            Consumer<Consumer<BlobRef>> sources,
            Limits limits) {
        this.blobs = blobs;
        this.artifacts = artifacts;
        this.caches = caches;
        this.forgetting = forgetting;
        this.sources = sources;
        this.quota = limits.quota();
        this.pause = limits.pause();
    }

    /// One round; does nothing during a pause.
    public BlobStore.Collected keep() throws InterruptedException {
        synchronized (pause) {
            return pause.held() ? new BlobStore.Collected(0, 0) : clean();
        }
    }

    private BlobStore.Collected clean() throws InterruptedException {
        int expired = forgetting.artifacts(artifacts.expired(AT_ONCE));
        int unused = forgetting.caches(caches.unused(AT_ONCE));
        BlobStore.Collected collected = collect();
        if (blobs.bytesUsed() > quota / 10 * 9) {
            unused +=
                    forgetting.caches(
                            caches.leastUsed(blobs.bytesUsed() - quota / 10 * 8, AT_ONCE));
            BlobStore.Collected more = collect();
            collected =
                    new BlobStore.Collected(
                            collected.blobs() + more.blobs(), collected.bytes() + more.bytes());
        }
        if (collected.blobs() > 0) {
            LOG.info(
                    "Cleaned the blob store. artifacts={} caches={} blobs={} bytes={}",
                    expired,
                    unused,
                    collected.blobs(),
                    collected.bytes());
        }
        return collected;
    }

    private Predicate<String> needed() {
        var needed = new HashSet<String>();
        sources.accept(blob -> needed.add(blob.sha256()));
        artifacts.references(blob -> needed.add(blob.sha256()));
        caches.references(blob -> needed.add(blob.sha256()));
        return needed::contains;
    }

    private BlobStore.Collected collect() {
        try {
            return blobs.collect(this::needed);
        } catch (IOException problem) {
            throw new SlipwayException(
                    ErrorCode.STORAGE_FAILED,
                    "The blob store could not be cleaned (%s). Check where --blobs says it is."
                            .formatted(problem),
                    problem);
        }
    }
}
