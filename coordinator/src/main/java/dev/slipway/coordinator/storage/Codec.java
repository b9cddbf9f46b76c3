package dev.slipway.coordinator.storage;

/// Turns values into bytes and back. What was once written must be readable for ever.
public interface Codec<V> {
    byte[] encode(V value);

    /// @throws RuntimeException when the bytes are damaged or newer than this program
    V decode(byte[] bytes);
}
