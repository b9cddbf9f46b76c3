package dev.slipway.coordinator.storage;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.Slice;

/// Rows by typed key, ordered by the key's bytes. Reads see what has been committed; safe for many
/// threads. A table that does not exist yet in a database opened read-only is empty.
public final class Table<K, V> {
    private final Database database;
    private final TableSpec<K, V> spec;
    private final @Nullable ColumnFamilyHandle handle;

    Table(Database database, TableSpec<K, V> spec, @Nullable ColumnFamilyHandle handle) {
        this.database = database;
        this.spec = spec;
        this.handle = handle;
    }

    public Optional<V> get(K key) {
        if (handle == null) {
            return Optional.empty();
        }
        try {
            byte[] bytes = database.rocks().get(handle, key(key));
            return Optional.ofNullable(bytes).map(spec.values()::decode);
        } catch (RocksDBException problem) {
            throw StorageFailure.reading(database.place(), problem);
        }
    }

    /// Shows the rows of a range to `visitor`, smallest key first, until it answers false.
    public void scan(Range range, Visitor<K, V> visitor) {
        walk(range, true, visitor);
    }

    /// Shows the rows of a range to `visitor`, greatest key first, until it answers false.
    public void scanBackwards(Range range, Visitor<K, V> visitor) {
        walk(range, false, visitor);
    }

    TableSpec<K, V> spec() {
        return spec;
    }

    byte[] key(K key) {
        return spec.keys().encode(key);
    }

    ColumnFamilyHandle handle() {
        if (handle == null) {
            throw new IllegalStateException(
                    "table %s cannot be written: the database is read-only".formatted(spec.name()));
        }
        return handle;
    }

    private void walk(Range range, boolean forwards, Visitor<K, V> visitor) {
        ColumnFamilyHandle family = handle;
        if (family == null) {
            return;
        }
        RocksDB rocks = database.rocks();
        byte[] to = range.to();
        try (Slice lower = new Slice(range.from());
                Slice upper = to == null ? new Slice(new byte[0]) : new Slice(to);
                ReadOptions options = new ReadOptions().setIterateLowerBound(lower)) {
            if (to != null) {
                options.setIterateUpperBound(upper);
            }
            try (RocksIterator rows = rocks.newIterator(family, options)) {
                visitAll(rows, forwards, visitor);
                rows.status();
            } catch (RocksDBException problem) {
                throw StorageFailure.reading(database.place(), problem);
            }
        }
    }

    private void visitAll(RocksIterator rows, boolean forwards, Visitor<K, V> visitor) {
        if (forwards) {
            rows.seekToFirst();
        } else {
            rows.seekToLast();
        }
        while (rows.isValid()) {
            K key = spec.keys().decode(rows.key());
            if (!visitor.visit(key, spec.values().decode(rows.value()))) {
                return;
            }
            if (forwards) {
                rows.next();
            } else {
                rows.prev();
            }
        }
    }

    /// Sees one row after the other.
    @FunctionalInterface
    public interface Visitor<K, V> {
        /// @return whether to go on
        boolean visit(K key, V value);
    }
}
