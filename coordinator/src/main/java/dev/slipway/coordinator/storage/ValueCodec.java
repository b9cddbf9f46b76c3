package dev.slipway.coordinator.storage;

/// Turns values into bytes and back.
public interface ValueCodec<V> {
    /// Bytes as they are; not copied.
    ValueCodec<byte[]> BYTES =
            new ValueCodec<>() {
                @Override
                public byte[] encode(byte[] value) {
                    return value;
                }

                @Override
                public byte[] decode(byte[] bytes) {
                    return bytes;
                }
            };

    byte[] encode(V value);

    /// @throws IllegalArgumentException when the bytes are not such a value
    V decode(byte[] bytes);
}
