package dev.slipway.coordinator.storage;

/// Turns keys into bytes whose unsigned order is the order of the table, and back.
public interface KeyCodec<K> {
    void write(K key, KeyWriter to);

    K read(KeyReader from);

    default byte[] encode(K key) {
        var writer = new KeyWriter();
        write(key, writer);
        return writer.toKey();
    }

    /// Keys that are one text.
    KeyCodec<String> TEXT =
            new KeyCodec<>() {
                @Override
                public void write(String key, KeyWriter to) {
                    to.text(key);
                }

                @Override
                public String read(KeyReader from) {
                    return from.text();
                }
            };

    /// Keys that are one number from 0.
    KeyCodec<Long> NUMBER =
            new KeyCodec<>() {
                @Override
                public void write(Long key, KeyWriter to) {
                    to.number(key);
                }

                @Override
                public Long read(KeyReader from) {
                    return from.number();
                }
            };
}
