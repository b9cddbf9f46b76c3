package dev.slipway.coordinator.storage;

import org.jspecify.annotations.Nullable;

/// Reads keys and values of families: of the database as it is now, or of a {@link Snapshot}.
/// Families that do not exist (possible in a database opened read-only) read as empty.
///
/// Failures of the disk are thrown as {@link dev.slipway.error.SlipwayException} with
/// STORAGE_FAILED. Arrays that are returned belong to the caller.
public interface Reads {
    byte @Nullable [] get(String family, byte[] key);

    /// Walks over a family in the unsigned order of keys. Stands nowhere until {@link Cursor#seek}.
    /// Sees the family as of this call. Close it.
    Cursor cursor(String family);

    /// Stands on one key of a family, or behind the last. For one thread.
    interface Cursor extends AutoCloseable {
        /// Goes to the first key that is not below `key`.
        void seek(byte[] key);

        boolean valid();

        /// @throws IllegalStateException when not {@link #valid}
        void next();

        byte[] key();

        byte[] value();

        @Override
        void close();
    }
}
