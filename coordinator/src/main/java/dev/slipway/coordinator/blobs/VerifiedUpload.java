package dev.slipway.coordinator.blobs;

import dev.slipway.error.ErrorCode;
import dev.slipway.error.SlipwayException;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.MessageDigest;

/// One upload into a {@link SharedBlobStore}: digests what passes, and what is staged already, and
/// publishes only what the digest names.
final class VerifiedUpload implements BlobStore.Upload {
    private final SharedBlobStore store;
    private final Medium medium;
    private final BlobRef blob;
    private final Medium.Staging staging;
    private final MessageDigest digest = Sha256.begin();
    private long length;

    VerifiedUpload(SharedBlobStore store, Medium medium, BlobRef blob, long offset)
            throws IOException {
        this.store = store;
        this.medium = medium;
        this.blob = blob;
        if (offset < 0 || offset > blob.size()) {
            throw new SlipwayException(
                    ErrorCode.INVALID_ARGUMENT,
                    "The upload of blob %s cannot begin at %d.".formatted(blob, offset));
        }
        try {
            this.staging = medium.stage(blob, offset, digest::update);
        } catch (IOException problem) {
            throw failed(problem);
        }
        this.length = offset;
    }

    @Override
    public void write(ByteBuffer data) throws IOException {
        if (length + data.remaining() > blob.size()) {
            throw new SlipwayException(
                    ErrorCode.INVALID_ARGUMENT,
                    "More bytes were sent than blob %s has.".formatted(blob));
        }
        length += data.remaining();
        digest.update(data.duplicate());
        try {
            staging.write(data);
        } catch (IOException problem) {
            throw failed(problem);
        }
    }

    @Override
    public void commit() throws IOException {
        if (length < blob.size()) {
            throw new SlipwayException(
                    ErrorCode.INVALID_ARGUMENT,
                    "Only %d bytes of blob %s were sent. Ask with FindMissingBlobs where to go on."
                            .formatted(length, blob));
        }
        String actual = Sha256.hex(digest);
        if (!actual.equals(blob.sha256())) {
            staging.discard();
            throw new SlipwayException(
                    ErrorCode.DIGEST_MISMATCH,
                    "The uploaded bytes have digest %s, not that of blob %s. Upload it again."
                            .formatted(actual, blob));
        }
        try {
            store.publish(blob, staging);
        } catch (IOException problem) {
            throw failed(problem);
        }
        close();
    }

    /// Nothing of it counts; what is staged is gone on from when the cause is gone.
    private SlipwayException failed(IOException problem) {
        return new SlipwayException(
                ErrorCode.STORAGE_FAILED,
                ("The upload of blob %s into %s failed (%s). The farm's operator must free space"
                                + " there or see to the store; then upload it again.")
                        .formatted(blob, medium.place(), problem.getMessage()),
                problem);
    }

    @Override
    public void close() throws IOException {
        staging.close();
    }
}
