package dev.slipway.coordinator.blobs;

import dev.slipway.error.ErrorCode;
import dev.slipway.error.SlipwayException;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.util.HashSet;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/// Removes what nothing needs: caches that are not used, artifacts that have expired, and then
/// every blob without a reference. Blocks; used off the paths of runs.
public final class BlobKeeper {
    private static final Logger LOG = LoggerFactory.getLogger(BlobKeeper.class);

    private final DirectoryBlobStore blobs;
    private final ArtifactStore artifacts;
    private final CacheStore caches;
    private final Consumer<Consumer<BlobRef>> sources;
    private final long quota;
    private int holds;

    /// @param sources names the sources of all runs that are kept, unfinished ones included
    /// @param quota bytes that blobs may take
    public BlobKeeper(
            DirectoryBlobStore blobs,
            ArtifactStore artifacts,
            CacheStore caches,
            Consumer<Consumer<BlobRef>> sources,
            long quota) {
        this.blobs = blobs;
        this.artifacts = artifacts;
        this.caches = caches;
        this.sources = sources;
        this.quota = quota;
    }

    /// Waits for the round that is under way; then nothing is removed until the hold is closed.
    public synchronized AutoCloseable hold() {
        holds++;
        var open = new AtomicBoolean(true);
        return () -> {
            if (open.compareAndSet(true, false)) {
                release();
            }
        };
    }

    private synchronized void release() {
        holds--;
    }

    /// One round; does nothing while there is a hold.
    public synchronized BlobStore.Collected keep() {
        if (holds > 0) {
            return new BlobStore.Collected(0, 0);
        }
        int expired = artifacts.removeExpired();
        int unused = caches.removeUnused();
        BlobStore.Collected collected = collect();
        if (blobs.bytesUsed() > quota / 10 * 9) {
            unused += caches.evict(blobs.bytesUsed() - quota / 10 * 8);
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

    private BlobStore.Collected collect() {
        var needed = new HashSet<String>();
        sources.accept(blob -> needed.add(blob.sha256()));
        artifacts.references(blob -> needed.add(blob.sha256()));
        caches.references(blob -> needed.add(blob.sha256()));
        try {
            return blobs.collect(needed::contains);
        } catch (IOException problem) {
            throw new SlipwayException(
                    ErrorCode.STORAGE_FAILED,
                    ("The blob store could not be cleaned (%s)."
                                    + " Check the disk of the data directory.")
                            .formatted(problem),
                    problem);
        }
    }
}
