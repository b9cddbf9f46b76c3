package dev.slipway.coordinator.blobs;

import dev.slipway.time.Clock;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Consumer;

/// A medium that is as bad as one may be: changes are seen by others late, each at a time of its
/// own, and a list is no picture of one moment. Every process has one, over the same {@link Disk}.
final class MemoryMedium implements Medium {
    /// What all processes share.
    static final class Disk {
        final Map<String, Item> items = new TreeMap<>();
        final Clock clock;
        final Random random;
        final Duration lag;
        final Runnable turn;
        Runnable changed = () -> {};

        /// @param turn called before every effect: others may come first
        Disk(Clock clock, Random random, Duration lag, Runnable turn) {
            this.clock = clock;
            this.random = random;
            this.lag = lag;
            this.turn = turn;
        }

        private Instant late() {
            return clock.now().plusMillis(lag.isZero() ? 0 : random.nextLong(lag.toMillis()));
        }
    }

    /// One object; of what was deleted a trace stays.
    static final class Item {
        final byte[] content;
        final Instant modified;
        final MemoryMedium writer;
        final Instant seen;
        MemoryMedium deleter;
        Instant unseen = Instant.MAX;

        Item(byte[] content, Instant modified, MemoryMedium writer, Instant seen) {
            this.content = content;
            this.modified = modified;
            this.writer = writer;
            this.seen = seen;
        }

        boolean exists() {
            return deleter == null;
        }

        boolean seenBy(MemoryMedium reader, Instant now) {
            boolean made = reader == writer || !seen.isAfter(now);
            boolean gone = deleter != null && (reader == deleter || !unseen.isAfter(now));
            return made && !gone;
        }
    }

    private final Disk disk;

    MemoryMedium(Disk disk) {
        this.disk = disk;
    }

    @Override
    public void list(String prefix, Consumer<Entry> found) {
        disk.turn.run();
        for (String name : List.copyOf(disk.items.keySet())) {
            if (name.startsWith(prefix)) {
                if (disk.random.nextInt(3) == 0) {
                    disk.turn.run();
                }
                Item item = disk.items.get(name);
                if (item != null && item.seenBy(this, disk.clock.now())) {
                    found.accept(new Entry(name, item.content.length, item.modified));
                }
            }
        }
    }

    private Item item(String name) throws NoSuchFileException {
        disk.turn.run();
        Item item = disk.items.get(name);
        if (item == null || !item.exists()) {
            throw new NoSuchFileException(name);
        }
        return item;
    }

    @Override
    public byte[] read(String name) throws NoSuchFileException {
        return item(name).content;
    }

    @Override
    public InputStream open(String name, long offset) throws NoSuchFileException {
        byte[] content = item(name).content;
        return new ByteArrayInputStream(content, (int) offset, content.length - (int) offset);
    }

    @Override
    public void write(String name, byte[] content) {
        disk.turn.run();
        disk.items.put(name, new Item(content, disk.clock.now(), this, disk.late()));
    }

    @Override
    public void delete(List<String> names) {
        for (String name : names) {
            disk.turn.run();
            Item item = disk.items.get(name);
            if (item != null && item.exists()) {
                item.deleter = this;
                item.unseen = disk.late();
                disk.changed.run();
            }
        }
    }

    @Override
    public Instant now() {
        disk.turn.run();
        return disk.clock.now();
    }

    @Override
    public Duration lag() {
        return disk.lag;
    }

    @Override
    public int width() {
        return 1;
    }

    @Override
    public String place() {
        return "memory";
    }

    @Override
    public long staged(BlobRef blob) {
        return 0;
    }

    @Override
    public Staging stage(BlobRef blob, long offset, Consumer<ByteBuffer> held) {
        var content = new ByteArrayOutputStream();
        return new Staging() {
            @Override
            public void write(ByteBuffer data) {
                byte[] bytes = new byte[data.remaining()];
                data.get(bytes);
                content.writeBytes(bytes);
            }

            @Override
            public void publish(String name) {
                MemoryMedium.this.write(name, content.toByteArray());
            }

            @Override
            public void discard() {
                content.reset();
            }

            @Override
            public void close() {
                // Nothing is kept.
            }
        };
    }

    @Override
    public void removeStaged(Instant since) {
        // Nothing is kept.
    }
}
