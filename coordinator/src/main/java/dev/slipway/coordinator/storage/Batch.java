package dev.slipway.coordinator.storage;

import java.util.function.Supplier;
import org.rocksdb.RocksDBException;
import org.rocksdb.WriteBatch;

/// Changes that are written together or not at all. For one thread; close it after
/// {@link Database#commit}.
public final class Batch implements AutoCloseable {
    private final WriteBatch changes = new WriteBatch();
    private final Supplier<String> place;

    Batch(Supplier<String> place) {
        this.place = place;
    }

    public <K, V> Batch put(Table<K, V> table, K key, V value) {
        try {
            changes.put(table.handle(), table.key(key), table.spec().values().encode(value));
            return this;
        } catch (RocksDBException problem) {
            throw StorageFailure.writing(place.get(), problem);
        }
    }

    public <K, V> Batch delete(Table<K, V> table, K key) {
        try {
            changes.delete(table.handle(), table.key(key));
            return this;
        } catch (RocksDBException problem) {
            throw StorageFailure.writing(place.get(), problem);
        }
    }

    public boolean isEmpty() {
        return changes.count() == 0;
    }

    /// Bytes so far, for bounding batches.
    public long size() {
        return changes.getDataSize();
    }

    WriteBatch changes() {
        return changes;
    }

    @Override
    public void close() {
        changes.close();
    }
}
