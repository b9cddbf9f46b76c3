package dev.slipway.coordinator.storage;

import dev.slipway.error.ErrorCode;
import dev.slipway.error.SlipwayException;

import java.util.Arrays;
import java.util.Optional;
import java.util.function.Consumer;

/// One family of a {@link Database} with typed keys and values. Immutable: it holds no data, and
/// all calls say what they read from or write to.
public final class Table<K, V> {
    private final String family;
    private final KeyCodec<K> keys;
    private final Codec<V> values;

    /// @param family the family's name, unique in the process
    public Table(String family, KeyCodec<K> keys, Codec<V> values) {
        this.family = family;
        this.keys = keys;
        this.values = values;
    }

    public Optional<V> get(Reads reads, K key) {
        byte[] found = reads.get(family, keys.encode(key));
        return found == null ? Optional.empty() : Optional.of(decode(found));
    }

    public boolean contains(Reads reads, K key) {
        return reads.get(family, keys.encode(key)) != null;
    }

    public void put(Batch batch, K key, V value) {
        batch.put(family, keys.encode(key), values.encode(value));
    }

    public void delete(Batch batch, K key) {
        batch.delete(family, keys.encode(key));
    }

    /// Deletes all rows whose keys begin with these parts.
    public void deletePrefix(Batch batch, Consumer<KeyWriter> prefix) {
        byte[] from = bytes(prefix);
        batch.deleteRange(family, from, KeyWriter.after(from));
    }

    /// Deletes all rows from the first up to this key, inclusive.
    public void deleteUpTo(Batch batch, K key) {
        byte[] last = keys.encode(key);
        batch.deleteRange(family, new byte[0], Arrays.copyOf(last, last.length + 1));
    }

    /// Visits all rows whose keys begin with these parts, in order, until the visitor says `false`.
    ///
    /// @param prefix writes the parts; nothing means all rows
    public void scan(Reads reads, Consumer<KeyWriter> prefix, Visitor<K, V> visitor) {
        byte[] start = bytes(prefix);
        scan(reads, start, start, visitor);
    }

    /// Visits the rows whose keys begin with `prefix` from the first that is not below `from` on.
    ///
    /// @param from writes a whole key, or its first parts
    public void scanFrom(
            Reads reads,
            Consumer<KeyWriter> prefix,
            Consumer<KeyWriter> from,
            Visitor<K, V> visitor) {
        scan(reads, bytes(prefix), bytes(from), visitor);
    }

    private void scan(Reads reads, byte[] prefix, byte[] from, Visitor<K, V> visitor) {
        try (Reads.Cursor cursor = reads.cursor(family)) {
            cursor.seek(from);
            while (cursor.valid()) {
                byte[] key = cursor.key();
                if (!startsWith(key, prefix)
                        || !visitor.visit(keys.read(new KeyReader(key)), decode(cursor.value()))) {
                    return;
                }
                cursor.next();
            }
        }
    }

    private V decode(byte[] bytes) {
        try {
            return values.decode(bytes);
        } catch (RuntimeException problem) {
            throw new SlipwayException(
                    ErrorCode.STORAGE_FAILED,
                    "A row of the table '%s' cannot be read: %s. "
                                    .formatted(family, problem.getMessage())
                            + "It is damaged, or a newer version of Slipway wrote it. "
                            + "Start that version, or restore a backup.",
                    problem);
        }
    }

    private static byte[] bytes(Consumer<KeyWriter> parts) {
        var writer = new KeyWriter();
        parts.accept(writer);
        return writer.toKey();
    }

    private static boolean startsWith(byte[] key, byte[] prefix) {
        return key.length >= prefix.length
                && Arrays.equals(key, 0, prefix.length, prefix, 0, prefix.length);
    }

    /// Looks at one row.
    @FunctionalInterface
    public interface Visitor<K, V> {
        /// @return whether to go on
        boolean visit(K key, V value);
    }
}
