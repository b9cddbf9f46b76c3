package dev.slipway.coordinator.blobs;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.function.Predicate;

/// Holds content by its SHA-256. What is held was verified and is durable. Methods block; they are
/// safe for many threads.
///
/// A blob that nothing refers to is removed by {@link #collect}, but never within the grace period
/// after it was last pinned: {@link #pin} and a finished upload protect it until the one who asked
/// has recorded a reference.
public interface BlobStore {
    /// Whether the blob is held; if so it is also protected for the grace period.
    boolean pin(BlobRef blob);

    /// How many bytes of an interrupted upload can be gone on from; 0 when there is none, or when
    /// somebody uploads the blob right now.
    long resumeOffset(BlobRef blob);

    /// Begins an upload, or goes on with one, at `offset`.
    ///
    /// @throws dev.slipway.error.SlipwayException when `offset` is neither 0 nor {@link
    ///   #resumeOffset}, or the quota is exceeded
    Upload upload(BlobRef blob, long offset) throws IOException;

    /// The blob's bytes from `offset` on. The caller closes the stream.
    ///
    /// @throws dev.slipway.error.SlipwayException when the blob is not held
    InputStream open(BlobRef blob, long offset) throws IOException;

    /// Bytes held by finished blobs; an estimate until the store has been measured after a start.
    long bytesUsed();

    /// Removes every blob whose digest is not `referenced` and whose grace is over.
    Collected collect(Predicate<String> referenced) throws IOException;

    /// What {@link #collect} did.
    record Collected(long blobs, long bytes) {}

    /// One upload; used by one thread at a time. Closing it without a commit keeps what was
    /// written, so that it can be resumed.
    interface Upload extends AutoCloseable {
        void write(ByteBuffer data) throws IOException;

        /// Verifies length and digest, makes the blob durable and visible.
        ///
        /// @throws dev.slipway.error.SlipwayException when the content is not what was announced;
        ///   what was written is then dropped
        void commit() throws IOException;

        @Override
        void close() throws IOException;
    }
}
