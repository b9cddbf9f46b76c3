package dev.slipway.coordinator.storage;

import java.util.Optional;

/// How far this coordinator has applied the replicated logs of its cluster. Written in the same
/// batch as what was applied, so that it always tells the truth.
public final class LogPositions {
    private static final Table<String, Long> POSITIONS =
            new Table<>(
                    "log_positions",
                    KeyCodec.TEXT,
                    new Codec<>() {
                        @Override
                        public byte[] encode(Long position) {
                            return KeyCodec.NUMBER.encode(position);
                        }

                        @Override
                        public Long decode(byte[] bytes) {
                            return KeyCodec.NUMBER.read(new KeyReader(bytes));
                        }
                    });

    /// Marks that everything before it was synced.
    private static final String SYNCED = "synced";

    private LogPositions() {}

    /// The replicated logs.
    public enum Of {
        CONTROL("control"),
        OUTPUT("output");

        private final String key;

        Of(String key) {
            this.key = key;
        }
    }

    public static void put(Batch batch, Of log, long position) {
        POSITIONS.put(batch, log.key, position);
    }

    /// 0 before the first entry.
    public static long get(Reads reads, Of log) {
        return find(reads, log).orElse(0L);
    }

    /// Nothing when this database never belonged to a cluster.
    public static Optional<Long> find(Reads reads, Of log) {
        return POSITIONS.get(reads, log.key);
    }

    /// Makes everything that was written before survive a power failure.
    public static void sync(Database database) {
        var batch = new Batch();
        POSITIONS.put(batch, SYNCED, get(database, Of.CONTROL));
        database.write(batch, Database.Durability.SYNCED);
    }
}
