package dev.slipway.simulation;

import dev.slipway.agent.workspace.Folders;
import dev.slipway.coordinator.journal.Entry;
import dev.slipway.coordinator.logs.LogStore;
import dev.slipway.coordinator.storage.Batch;
import dev.slipway.coordinator.storage.Database;
import dev.slipway.coordinator.storage.MemoryDatabase;
import dev.slipway.coordinator.storage.Snapshot;
import dev.slipway.coordinator.storage.TableRunStore;
import dev.slipway.error.ErrorCode;
import dev.slipway.error.SlipwayException;
import dev.slipway.testkit.SimulatedWorld;
import dev.slipway.testkit.SimulatedWorld.Node;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;

/// What outlives a coordinator: tables and log segments. It can be slow, fail a write, lose what
/// was not synced, and be lost as a whole. One process at a time has it.
final class SimulatedDisk {
    private final SimulatedWorld world;
    private final Path folder;
    private final Variant variant;
    private final List<Entry> acknowledged = new ArrayList<>();
    private final List<Batch> unsynced = new ArrayList<>();
    private final Map<Path, Long> syncedSizes = new TreeMap<>();
    private MemoryDatabase durable = new MemoryDatabase();
    private MemoryDatabase live = new MemoryDatabase();
    private @Nullable Copy incoming;
    private int checkpoints;
    private int slowMillis = 1;
    private int failing;

    SimulatedDisk(SimulatedWorld world, Path folder, Variant variant) {
        this.world = world;
        this.folder = folder;
        this.variant = variant;
    }

    /// Tables and segments of another disk, as of one moment.
    ///
    /// @param files of segments, by name
    /// @param position of the journal
    record Copy(MemoryDatabase tables, Map<String, byte[]> files, long position) {}

    /// Gives the disk to a process. A whole copy of another one that has come is taken first.
    Mount mount(Node process) throws IOException {
        Copy fresh = incoming;
        incoming = null;
        if (fresh != null) {
            wipe();
            live = fresh.tables();
            durable = live.copy();
            Files.createDirectories(logs());
            for (var file : fresh.files().entrySet()) {
                Path path = logs().resolve(file.getKey());
                Files.write(path, file.getValue());
                syncedSizes.put(path, (long) file.getValue().length);
            }
        }
        Files.createDirectories(logs());
        variant.atMount(live);
        return new Mount(process);
    }

    /// A copy of another disk has come whole; it is taken with the next mount.
    void receive(Copy copy) {
        incoming = copy;
    }

    Path folder() {
        return folder;
    }

    private Path logs() {
        return folder.resolve("logs");
    }

    /// Journal entries whose appending has returned: somebody may have been told.
    List<Entry> acknowledged() {
        return acknowledged;
    }

    MemoryDatabase database() {
        return live;
    }

    /// An entry is durable, and those who wait for it will be told.
    void appended(Entry entry) {
        acknowledged.add(entry);
    }

    /// Another disk, empty, is put in place of this one. No process has it at the moment.
    void wipe() {
        incoming = null;
        unsynced.clear();
        syncedSizes.clear();
        live = new MemoryDatabase();
        durable = new MemoryDatabase();
        try {
            Folders.empty(logs());
        } catch (IOException problem) {
            throw new UncheckedIOException(problem);
        }
    }

    /// From now on each write takes up to so long.
    void slow(int millis) {
        slowMillis = millis;
    }

    /// The next write fails, and all that follow until the disk is mounted again.
    void failNext() {
        failing = 1 + world.random().nextInt(4);
    }

    void heal() {
        slowMillis = 1;
        failing = 0;
    }

    /// The power goes: what was not synced is lost, from some point on.
    void cutPower() {
        if (!unsynced.isEmpty()) {
            int kept = world.random().nextInt(unsynced.size() + 1);
            unsynced.subList(0, kept)
                    .forEach(batch -> durable.write(batch, Database.Durability.SYNCED));
            unsynced.clear();
            live = durable.copy();
        }
        files().forEach(file -> tear(file, syncedSizes.getOrDefault(file, 0L)));
    }

    /// Of what was written to a file since its sync, a part stays, and its end may be rubbish.
    private void tear(Path file, long synced) {
        try (var channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            long extra = channel.size() - synced;
            if (extra <= 0) {
                return;
            }
            long kept = world.random().nextLong(extra + 1);
            channel.truncate(synced + kept);
            if (kept > 0 && world.random().nextBoolean()) {
                byte[] rubbish = new byte[1 + world.random().nextInt((int) Math.min(kept, 64))];
                world.random().nextBytes(rubbish);
                channel.write(java.nio.ByteBuffer.wrap(rubbish), synced + kept - rubbish.length);
            }
        } catch (IOException problem) {
            throw new UncheckedIOException(problem);
        }
    }

    private List<Path> files() {
        if (!Files.isDirectory(logs())) {
            return List.of();
        }
        try (var files = Files.list(logs())) {
            return files.sorted().toList();
        } catch (IOException problem) {
            throw new UncheckedIOException(problem);
        }
    }

    /// The disk as one process has it.
    final class Mount implements Database {
        private final Node process;
        private boolean broken;

        private Mount(Node process) {
            this.process = process;
        }

        /// Where log segments are.
        Path logs() {
            return SimulatedDisk.this.logs();
        }

        /// A copy as of a moment at which no output is written.
        Copy checkpoint(LogStore store) {
            Path links = folder.resolve("checkpoint-" + ++checkpoints);
            var tables = new AtomicReference<>(live);
            try {
                Files.createDirectories(links);
                var sizes = store.freeze(links, () -> tables.set(live.copy()));
                var files = new TreeMap<String, byte[]>();
                for (var size : sizes.entrySet()) {
                    byte[] whole = Files.readAllBytes(links.resolve(size.getKey()));
                    files.put(
                            size.getKey(), Arrays.copyOf(whole, Math.toIntExact(size.getValue())));
                }
                Folders.delete(links);
                var copied = tables.get();
                return new Copy(copied, files, new TableRunStore(copied).position());
            } catch (IOException problem) {
                throw new UncheckedIOException(problem);
            }
        }

        @Override
        public void write(Batch batch, Durability durability) {
            if (durability == Durability.BUFFERED) {
                // The log writer syncs its file before it writes to its index.
                noteSyncedSizes();
            }
            pause();
            if (broken) {
                throw new SlipwayException(
                        ErrorCode.STORAGE_FAILED, "The disk has failed; open the data again.");
            }
            boolean fails = failing > 0 && --failing == 0;
            if (!fails || world.random().nextBoolean()) {
                apply(batch, durability);
            }
            if (fails) {
                broken = true;
                world.note("disk fails under " + process.name());
                throw new SlipwayException(ErrorCode.STORAGE_FAILED, "The disk fails.");
            }
            pause();
        }

        private void apply(Batch batch, Durability durability) {
            live.write(batch, durability);
            unsynced.add(batch);
            if (durability == Durability.SYNCED && variant != Variant.ACKNOWLEDGE_BEFORE_SYNC) {
                sync();
            } else if (unsynced.size() > 40) {
                sync();
            }
        }

        private void sync() {
            unsynced.forEach(one -> durable.write(one, Durability.SYNCED));
            unsynced.clear();
        }

        private void noteSyncedSizes() {
            for (Path file : files()) {
                syncedSizes.put(file, size(file));
            }
        }

        private static long size(Path file) {
            try {
                return Files.size(file);
            } catch (IOException problem) {
                throw new UncheckedIOException(problem);
            }
        }

        private void pause() {
            try {
                int micros = world.random().nextInt(slowMillis * 1_000);
                process.timers().pause(Duration.ofNanos(micros * 1_000L));
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
            }
        }

        @Override
        public byte @Nullable [] get(String family, byte[] key) {
            return live.get(family, key);
        }

        @Override
        public Cursor cursor(String family) {
            return live.cursor(family);
        }

        @Override
        public Snapshot snapshot() {
            return live.snapshot();
        }

        @Override
        public void close() {
            // The disk outlives whoever has it.
        }
    }
}
