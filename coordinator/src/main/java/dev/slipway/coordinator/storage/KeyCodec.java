package dev.slipway.coordinator.storage;

/// Turns keys into bytes whose unsigned order is the order of the keys, and back. Build them with
/// {@link KeyWriter} and {@link KeyReader}.
public interface KeyCodec<K> {
    byte[] encode(K key);

    K decode(byte[] bytes);
}
