package dev.slipway.coordinator.storage;

/// An ordered key-value store with families (tables), atomic batches and snapshots. Any thread may
/// call. {@link RocksDatabase} in production, {@link MemoryDatabase} in tests and simulations.
///
/// Use it through {@link Table}. Names of families: `[a-z_]+`, unique in the whole process; a
/// family comes into being with the first write to it.
public interface Database extends Reads, AutoCloseable {
    /// Writes a batch. When this returns, it is visible to all readers.
    ///
    /// @param durability whether it also survives a power failure from now on
    /// @throws dev.slipway.error.SlipwayException STORAGE_FAILED when it could not be written;
    ///   after that nothing more can be written until the database is opened again
    void write(Batch batch, Durability durability);

    /// The whole database as it is now.
    Snapshot snapshot();

    /// Waits for readers to finish, then closes. Later calls throw STORAGE_FAILED.
    @Override
    void close();

    /// What a write survives.
    enum Durability {
        /// A power failure: synced to the disk.
        SYNCED,
        /// The end of the process, but not of the machine. The next synced write makes it durable.
        BUFFERED
    }
}
