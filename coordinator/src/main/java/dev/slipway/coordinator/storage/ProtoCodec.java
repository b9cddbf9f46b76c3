package dev.slipway.coordinator.storage;

import com.google.protobuf.InvalidProtocolBufferException;

import java.io.UncheckedIOException;
import java.util.function.Function;

/// Codecs of values that are protobuf messages on disk.
final class ProtoCodec {
    private ProtoCodec() {}

    /// Parses; says by its exception that the bytes are no such message.
    @FunctionalInterface
    interface Decoder<V> {
        V decode(byte[] bytes) throws InvalidProtocolBufferException;
    }

    static <V> Codec<V> of(Function<V, byte[]> encode, Decoder<V> decode) {
        return new Codec<>() {
            @Override
            public byte[] encode(V value) {
                return encode.apply(value);
            }

            @Override
            public V decode(byte[] bytes) {
                try {
                    return decode.decode(bytes);
                } catch (InvalidProtocolBufferException problem) {
                    throw new UncheckedIOException(problem);
                }
            }
        };
    }
}
