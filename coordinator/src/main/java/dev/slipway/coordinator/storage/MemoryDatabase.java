package dev.slipway.coordinator.storage;

import dev.slipway.error.ErrorCode;
import dev.slipway.error.SlipwayException;

import org.jspecify.annotations.Nullable;

import java.util.Arrays;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;

/// A database in memory, for tests and simulations: nothing is durable beyond this object,
/// everything is as ordered and as atomic as on disk. A cursor or snapshot copies what it may see.
public final class MemoryDatabase implements Database {
    private final TreeMap<String, TreeMap<byte[], byte[]>> families = new TreeMap<>();
    private final Set<String> lookedAt = new HashSet<>();
    private boolean closed;

    @Override
    public synchronized byte @Nullable [] get(String family, byte[] key) {
        check();
        return read(families, family, key);
    }

    @Override
    public synchronized Cursor cursor(String family) {
        check();
        TreeMap<byte[], byte[]> rows = families.get(family);
        if (rows == null) {
            return new EmptyCursor();
        }
        lookedAt.add(family);
        return new MemoryCursor(rows);
    }

    @Override
    public synchronized void write(Batch batch, Durability durability) {
        check();
        for (Batch.Change change : batch.changes()) {
            TreeMap<byte[], byte[]> rows = rowsToWrite(change.family());
            if (change.to() != null) {
                rows.subMap(change.key(), change.to()).clear();
            } else if (change.value() == null) {
                rows.remove(change.key());
            } else {
                rows.put(change.key(), change.value());
            }
        }
    }

    @Override
    public synchronized Snapshot snapshot() {
        check();
        lookedAt.addAll(families.keySet());
        return new MemorySnapshot(new TreeMap<>(families));
    }

    @Override
    public synchronized void close() {
        closed = true;
    }

    /// Opens what was closed, as a restarted process does.
    public synchronized void reopen() {
        closed = false;
    }

    /// Another database with the same content.
    public synchronized MemoryDatabase copy() {
        var other = new MemoryDatabase();
        families.forEach((family, rows) -> other.families.put(family, new TreeMap<>(rows)));
        return other;
    }

    /// Whether any key or value holds these bytes: for those who search for what must not be there.
    public synchronized boolean holds(byte[] bytes) {
        return families.values().stream()
                .flatMap(rows -> rows.entrySet().stream())
                .anyMatch(row -> holds(row.getKey(), bytes) || holds(row.getValue(), bytes));
    }

    /// A family in which the rows of another database are different; empty when there is none.
    ///
    /// @param compared which families count
    public Optional<String> firstDifference(MemoryDatabase other, Predicate<String> compared) {
        var all = new TreeSet<String>(families.keySet());
        all.addAll(other.families.keySet());
        return all.stream().filter(compared).filter(family -> !same(other, family)).findFirst();
    }

    private boolean same(MemoryDatabase other, String family) {
        var mine = families.getOrDefault(family, newRows());
        var its = other.families.getOrDefault(family, newRows());
        return mine.size() == its.size()
                && mine.entrySet().stream()
                        .allMatch(row -> Arrays.equals(row.getValue(), its.get(row.getKey())));
    }

    private static boolean holds(byte[] all, byte[] part) {
        for (int at = 0; at + part.length <= all.length; at++) {
            if (Arrays.equals(all, at, at + part.length, part, 0, part.length)) {
                return true;
            }
        }
        return false;
    }

    private void check() {
        if (closed) {
            throw new SlipwayException(
                    ErrorCode.STORAGE_FAILED, "The database is closed: its owner is ending.");
        }
    }

    private static byte @Nullable [] read(
            Map<String, TreeMap<byte[], byte[]>> families, String family, byte[] key) {
        TreeMap<byte[], byte[]> rows = families.get(family);
        byte[] value = rows == null ? null : rows.get(key);
        return value == null ? null : value.clone();
    }

    private TreeMap<byte[], byte[]> rowsToWrite(String family) {
        TreeMap<byte[], byte[]> rows = families.get(family);
        if (rows == null) {
            rows = newRows();
            families.put(family, rows);
        } else if (lookedAt.remove(family)) {
            rows = new TreeMap<>(rows);
            families.put(family, rows);
        }
        return rows;
    }

    private static TreeMap<byte[], byte[]> newRows() {
        return new TreeMap<>(Arrays::compareUnsigned);
    }

    private record MemorySnapshot(TreeMap<String, TreeMap<byte[], byte[]>> families)
            implements Snapshot {
        @Override
        public byte @Nullable [] get(String family, byte[] key) {
            return read(families, family, key);
        }

        @Override
        public Cursor cursor(String family) {
            TreeMap<byte[], byte[]> rows = families.get(family);
            return rows == null ? new EmptyCursor() : new MemoryCursor(rows);
        }

        @Override
        public void close() {
            // Memory is freed with the last reference.
        }
    }

    private static final class MemoryCursor implements Cursor {
        private final TreeMap<byte[], byte[]> rows;
        private Map.@Nullable Entry<byte[], byte[]> at;

        MemoryCursor(TreeMap<byte[], byte[]> rows) {
            this.rows = rows;
        }

        @Override
        public void seek(byte[] key) {
            at = rows.ceilingEntry(key);
        }

        @Override
        public boolean valid() {
            return at != null;
        }

        @Override
        public void next() {
            at = rows.higherEntry(entry().getKey());
        }

        @Override
        public byte[] key() {
            return entry().getKey().clone();
        }

        @Override
        public byte[] value() {
            return entry().getValue().clone();
        }

        @Override
        public void close() {
            at = null;
        }

        private Map.Entry<byte[], byte[]> entry() {
            if (at == null) {
                throw new IllegalStateException("the cursor stands on no key");
            }
            return at;
        }
    }
}
