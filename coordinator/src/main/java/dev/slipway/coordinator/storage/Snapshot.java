package dev.slipway.coordinator.storage;

/// The database as it was at one moment. Any thread may read; close it soon, it keeps old data
/// alive.
public interface Snapshot extends Reads, AutoCloseable {
    @Override
    void close();
}
