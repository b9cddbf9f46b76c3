package dev.slipway.coordinator.storage;

/// What a table is: its name on disk (never changed) and how its rows are written.
public record TableSpec<K, V>(String name, KeyCodec<K> keys, ValueCodec<V> values) {}
