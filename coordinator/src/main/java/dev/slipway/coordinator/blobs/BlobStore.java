package dev.slipway.coordinator.blobs;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.List;
import java.util.function.Predicate;
import java.util.function.Supplier;

/// Holds content by its SHA-256. What is held was verified and is durable. Several coordinators may
/// share one. Methods block; they are safe for many threads.
///
/// A blob that nothing refers to is removed by {@link #collect}, but never within the grace period
/// after it was last pinned: {@link #pin} and a finished upload protect it until the one who asked
/// has recorded a reference. Whoever records a reference pins first, and has led since before the
/// pin: that is what keeps a deposed leader from removing it (ADR 13).
public interface BlobStore extends AutoCloseable {
    /// From now on this coordinator records references, and may collect, as the leader of an epoch.
    /// Before it {@link #collect} does nothing. Returns at once.
    void lead(long epoch);

    /// Protects those of the blobs that are held for the grace period.
    ///
    /// @return the others, in order
    List<BlobRef> pin(Collection<BlobRef> blobs);

    /// Whether the blob is held; if so it is also protected for the grace period.
    default boolean pin(BlobRef blob) {
        return pin(List.of(blob)).isEmpty();
    }

    /// How many bytes of an interrupted upload can be gone on from, whichever coordinator took
    /// them; 0 when there are none, or when somebody uploads the blob right now.
    long resumeOffset(BlobRef blob);

    /// Begins an upload, or goes on with one, at `offset`.
    ///
    /// @throws dev.slipway.error.SlipwayException when `offset` is neither 0 nor {@link
    ///   #resumeOffset}, or the quota is exceeded
    Upload upload(BlobRef blob, long offset) throws IOException;

    /// The blob's bytes from `offset` on. Read from 0 to the end they are verified: the last read
    /// fails when they are not what the digest says. The caller closes the stream.
    ///
    /// @throws dev.slipway.error.SlipwayException when the blob is not held
    InputStream open(BlobRef blob, long offset) throws IOException;

    /// Bytes held by finished blobs; an estimate between two rounds of {@link #collect}.
    long bytesUsed();

    /// Adds up what is held; called once when this coordinator begins to lead, off its path.
    void measure() throws IOException;

    /// What to call when the quota is reached: it should drop references and {@link #collect}.
    void onFull(Runnable action);

    /// Removes every blob that is not needed and whose grace is over.
    ///
    /// @param references asked once, after the round has begun, for a test of digests: which are
    ///   needed by what is recorded
    Collected collect(Supplier<Predicate<String>> references) throws IOException;

    @Override
    void close();

    /// What {@link #collect} did.
    record Collected(long blobs, long bytes) {
        static final Collected NOTHING = new Collected(0, 0);
    }

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
