package dev.slipway.simulation;

import dev.slipway.coordinator.blobs.BlobRef;
import dev.slipway.coordinator.blobs.BlobStore;
import dev.slipway.error.ErrorCode;
import dev.slipway.error.SlipwayException;

import java.io.InputStream;
import java.util.Collection;
import java.util.List;
import java.util.function.Predicate;
import java.util.function.Supplier;

/// A blob store that holds nothing: simulated runs have no files. The real one tells time by the
/// files' dates, which no seed decides.
final class NoBlobs implements BlobStore {
    @Override
    public void lead(long epoch) {
        // There is nothing to collect.
    }

    @Override
    public List<BlobRef> pin(Collection<BlobRef> blobs) {
        return List.copyOf(blobs);
    }

    @Override
    public long resumeOffset(BlobRef blob) {
        return 0;
    }

    @Override
    public Upload upload(BlobRef blob, long offset) {
        throw new SlipwayException(ErrorCode.STORAGE_FAILED, "Nothing can be uploaded here.");
    }

    @Override
    public InputStream open(BlobRef blob, long offset) {
        throw new SlipwayException(ErrorCode.STORAGE_FAILED, "Nothing is held here.");
    }

    @Override
    public long bytesUsed() {
        return 0;
    }

    @Override
    public void measure() {
        // There is nothing to measure.
    }

    @Override
    public void onFull(Runnable action) {
        // It never is.
    }

    @Override
    public Collected collect(Supplier<Predicate<String>> references) {
        return new Collected(0, 0);
    }

    @Override
    public void close() {
        // Nothing is open.
    }
}
