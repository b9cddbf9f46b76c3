package dev.slipway.simulation;

import dev.slipway.coordinator.journal.Entry;
import dev.slipway.coordinator.storage.Batch;
import dev.slipway.coordinator.storage.Database;
import dev.slipway.coordinator.storage.MemoryDatabase;
import dev.slipway.coordinator.storage.Snapshot;
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
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// What outlives coordinators: tables and log segments. It can be slow, fail a write, and lose what
/// was not synced. One process at a time may write: whoever mounts it fences whoever had it, as a
/// replicated journal does.
final class SimulatedDisk {
    private final SimulatedWorld world;
    private final Path folder;
    private final Variant variant;
    private final List<Entry> acknowledged = new ArrayList<>();
    private final List<Batch> unsynced = new ArrayList<>();
    private final Map<Path, Long> syncedSizes = new TreeMap<>();
    private MemoryDatabase durable = new MemoryDatabase();
    private MemoryDatabase live = new MemoryDatabase();
    private @Nullable Mount owner;
    private int mounts;
    private int slowMillis = 1;
    private int failing;

    SimulatedDisk(SimulatedWorld world, Path folder, Variant variant) {
        this.world = world;
        this.folder = folder;
        this.variant = variant;
    }

    /// Gives the disk to a process; whoever had it can write no more.
    Mount mount(Node process) {
        Mount before = owner;
        Path logs = folder.resolve("logs-" + mounts);
        if (before == null) {
            copy(logs, logs);
        }
        if (before != null && variant != Variant.NO_FENCING) {
            before.fence();
        }
        if (before != null && !before.process.killed()) {
            // A process that lives on must not write into its successor's files.
            mounts++;
            Path fresh = folder.resolve("logs-" + mounts);
            copy(logs, fresh);
            logs = fresh;
        }
        variant.atMount(live);
        var mount = new Mount(process, logs);
        owner = mount;
        return mount;
    }

    /// Journal entries whose appending has returned: somebody may have been told.
    List<Entry> acknowledged() {
        return acknowledged;
    }

    MemoryDatabase database() {
        return live;
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
        Mount mounted = owner;
        if (mounted != null) {
            mounted.files().forEach(file -> tear(file, syncedSizes.getOrDefault(file, 0L)));
        }
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

    private static void copy(Path from, Path to) {
        try {
            Files.createDirectories(to);
            if (!from.equals(to)) {
                try (var files = Files.newDirectoryStream(from)) {
                    for (Path file : files) {
                        Files.copy(file, to.resolve(file.getFileName()));
                    }
                }
            }
        } catch (IOException problem) {
            throw new UncheckedIOException(problem);
        }
    }

    /// The disk as one process has it.
    final class Mount implements Database {
        private final Node process;
        private final Path logs;
        private @Nullable MemoryDatabase frozen;
        private boolean broken;

        private Mount(Node process, Path logs) {
            this.process = process;
            this.logs = logs;
        }

        /// Where log segments are.
        Path logs() {
            return logs;
        }

        /// An entry is durable, and those who wait for it will be told. A successor may have found
        /// it before its writer hears of that.
        void appended(Entry entry) {
            int index = (int) entry.position() - 1;
            if (index >= acknowledged.size() || !acknowledged.get(index).equals(entry)) {
                acknowledged.add(entry);
            }
        }

        private void fence() {
            frozen = live.copy();
        }

        private MemoryDatabase seen() {
            MemoryDatabase past = frozen;
            return past == null ? live : past;
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
            if (frozen != null) {
                throw new SlipwayException(
                        ErrorCode.NOT_LEADER, "Another coordinator has taken the journal over.");
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

        private List<Path> files() {
            try (var files = Files.list(logs)) {
                return files.sorted().toList();
            } catch (IOException problem) {
                throw new UncheckedIOException(problem);
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
            return seen().get(family, key);
        }

        @Override
        public Cursor cursor(String family) {
            return seen().cursor(family);
        }

        @Override
        public Snapshot snapshot() {
            return seen().snapshot();
        }

        @Override
        public void close() {
            // The disk outlives whoever has it.
        }
    }
}
