package dev.slipway.coordinator.storage;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/// Changes that are written together or not at all, in the order in which they were added. For one
/// thread. Keys and values are kept as given: do not change the arrays.
public final class Batch {
    private final List<Change> changes = new ArrayList<>();
    private long bytes;

    public void put(String family, byte[] key, byte[] value) {
        changes.add(new Change(family, key, value, null));
        bytes += key.length + value.length;
    }

    public void delete(String family, byte[] key) {
        changes.add(new Change(family, key, null, null));
        bytes += key.length;
    }

    /// Deletes all keys from `from` (inclusive) to `to` (exclusive).
    public void deleteRange(String family, byte[] from, byte[] to) {
        changes.add(new Change(family, from, null, to));
        bytes += from.length + to.length;
    }

    public boolean isEmpty() {
        return changes.isEmpty();
    }

    /// The size of all keys and values.
    public long bytes() {
        return bytes;
    }

    List<Change> changes() {
        return Collections.unmodifiableList(changes);
    }

    /// A put (`value` set), a delete (neither set) or a range delete (`to` set).
    record Change(String family, byte[] key, byte @Nullable [] value, byte @Nullable [] to) {}
}
