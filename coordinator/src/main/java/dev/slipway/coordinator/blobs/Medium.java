package dev.slipway.coordinator.blobs;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Consumer;

/// Where the files of a {@link SharedBlobStore} are: named objects that several coordinators see.
/// Names are paths with `/`.
///
/// A finished write or delete is seen by every later read and list of the same coordinator at once,
/// and by those of others within {@link #lag}. Methods block; they are safe for many threads.
interface Medium extends AutoCloseable {
    /// An object.
    ///
    /// @param modified by the medium's clock
    record Entry(String name, long size, Instant modified) {}

    /// Shows every object whose name begins with `prefix`, in any order. What comes or goes
    /// meanwhile may be missing or not.
    void list(String prefix, Consumer<Entry> found) throws IOException;

    /// A small object's content.
    ///
    /// @throws java.nio.file.NoSuchFileException when there is none
    byte[] read(String name) throws IOException;

    /// An object's bytes from `offset` on.
    ///
    /// @throws java.nio.file.NoSuchFileException when there is none
    InputStream open(String name, long offset) throws IOException;

    /// Makes a small object, whole or not at all. Need not outlive a power failure.
    void write(String name, byte[] content) throws IOException;

    /// Removes objects; what is not there is as good as removed.
    void delete(List<String> names) throws IOException;

    /// The medium's own clock, within a few seconds: the one that {@link Entry#modified} is from.
    Instant now() throws IOException;

    /// The longest time after which a change made by one coordinator is seen by all.
    Duration lag();

    /// How many requests are best made at the same time.
    int width();

    /// For people.
    String place();

    /// How many bytes of an unfinished upload can be gone on from.
    long staged(BlobRef blob) throws IOException;

    /// Begins an upload, or goes on with one.
    ///
    /// @param offset how many of the bytes that are staged to keep
    /// @param held is given these bytes, in order, before this returns
    /// @throws dev.slipway.error.SlipwayException when fewer are staged
    Staging stage(BlobRef blob, long offset, Consumer<ByteBuffer> held) throws IOException;

    /// Drops what belongs to unfinished uploads that nobody has gone on with since.
    void removeStaged(Instant since) throws IOException;

    @Override
    default void close() {}

    /// Content on its way in; no object yet. Used by one thread at a time.
    interface Staging extends AutoCloseable {
        void write(ByteBuffer data) throws IOException;

        /// Makes what was written an object, durably, whole or not at all.
        void publish(String name) throws IOException;

        /// Drops what was written, here and by others.
        void discard() throws IOException;

        /// Keeps what was written and not published, as far as the medium can.
        @Override
        void close() throws IOException;
    }
}
