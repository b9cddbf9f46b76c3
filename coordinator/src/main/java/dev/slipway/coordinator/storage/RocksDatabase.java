package dev.slipway.coordinator.storage;

import dev.slipway.error.ErrorCode;
import dev.slipway.error.SlipwayException;

import org.jspecify.annotations.Nullable;
import org.rocksdb.Checkpoint;
import org.rocksdb.ColumnFamilyDescriptor;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.WriteBatch;
import org.rocksdb.WriteOptions;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

/// A {@link Database} in a folder, on RocksDB: one column family per family, one write-ahead log.
///
/// Synced batches measured on two cores: 1.9 k/s one at a time, 112 k operations/s in batches of
/// 100 (`docs/adr`), so callers batch.
public final class RocksDatabase implements Database {
    static {
        // Before the first field: not every class of RocksDB loads the library by itself.
        RocksDB.loadLibrary();
    }

    private final Path folder;
    private final RocksDB db;
    private final RocksSettings settings;
    private final Map<String, ColumnFamilyHandle> handles = new ConcurrentHashMap<>();
    private final Gate gate = new Gate();
    private final boolean readOnly;
    private final WriteOptions synced = new WriteOptions().setSync(true);
    private final WriteOptions buffered = new WriteOptions().setSync(false);
    private final ReadOptions reading = new ReadOptions();
    private volatile Consumer<SlipwayException> whenBroken = problem -> {};

    /// What made writing impossible: RocksDB may or may not have the batch, and would go on by
    /// itself once there is room, so nothing more is written until it is opened again.
    private final AtomicReference<@Nullable SlipwayException> broken = new AtomicReference<>();

    /// Opens a database for writing and makes it if there is none. One process at a time.
    public static RocksDatabase open(Path folder) {
        return new RocksDatabase(folder, false);
    }

    /// Opens a database as it is on disk, without its lock: for reads when no farm lives.
    public static RocksDatabase openReadOnly(Path folder) {
        return new RocksDatabase(folder, true);
    }

    private RocksDatabase(Path folder, boolean readOnly) {
        this.folder = folder;
        this.readOnly = readOnly;
        settings = new RocksSettings();
        try {
            if (!readOnly) {
                Files.createDirectories(folder);
            }
            List<ColumnFamilyDescriptor> families = existing();
            var opened = new ArrayList<ColumnFamilyHandle>();
            db =
                    readOnly
                            ? RocksDB.openReadOnly(
                                    settings.database, folder.toString(), families, opened)
                            : RocksDB.open(settings.database, folder.toString(), families, opened);
            for (ColumnFamilyHandle handle : opened) {
                handles.put(new String(handle.getName(), StandardCharsets.UTF_8), handle);
            }
        } catch (RocksDBException | IOException problem) {
            closeOptions();
            throw failed("cannot be opened", problem);
        }
    }

    /// Says whom to tell, once, when a write has failed: nothing more can be written until the
    /// database is opened again.
    public void whenBroken(Consumer<SlipwayException> listener) {
        whenBroken = listener;
    }

    @Override
    public byte @Nullable [] get(String family, byte[] key) {
        return get(family, key, reading);
    }

    @Override
    public Cursor cursor(String family) {
        return cursor(family, reading);
    }

    @Override
    public void write(Batch batch, Durability durability) {
        gate.enter();
        try (var rocks = new WriteBatch((int) Math.min(batch.bytes() + 1024, 64 << 20))) {
            SlipwayException earlier = broken.get();
            if (earlier != null) {
                throw earlier;
            }
            for (Batch.Change change : batch.changes()) {
                add(rocks, change);
            }
            db.write(durability == Durability.SYNCED ? synced : buffered, rocks);
        } catch (RocksDBException problem) {
            SlipwayException failure = failed("cannot be written", problem);
            if (broken.compareAndSet(null, failure)) {
                whenBroken.accept(failure);
            }
            throw failure;
        } finally {
            gate.leave();
        }
    }

    /// Makes `target` a database of its own that is this one at this moment: made of hard links
    /// where the disk allows it, and complete without a write-ahead log. Writers are not held up.
    ///
    /// @param target must not exist; its parent must
    public void checkpoint(Path target) {
        gate.enter();
        try (var checkpoint = Checkpoint.create(db)) {
            checkpoint.createCheckpoint(target.toString());
        } catch (RocksDBException problem) {
            throw failed("cannot be copied to " + target, problem);
        } finally {
            gate.leave();
        }
    }

    /// Reads every table file and compares all checksums.
    ///
    /// @return what is damaged, a line per file
    public List<Problem> verify() {
        gate.enter();
        try {
            return RocksCheck.files(folder, db.getLiveFilesMetaData());
        } finally {
            gate.leave();
        }
    }

    @Override
    public Snapshot snapshot() {
        gate.enter();
        return new RocksSnapshot();
    }

    @Override
    public void close() {
        if (!gate.close()) {
            return;
        }
        handles.values().forEach(ColumnFamilyHandle::close);
        try {
            db.closeE();
        } catch (RocksDBException problem) {
            throw failed("cannot be closed", problem);
        } finally {
            closeOptions();
        }
    }

    private List<ColumnFamilyDescriptor> existing() throws RocksDBException {
        List<byte[]> names =
                Files.exists(folder.resolve("CURRENT"))
                        ? RocksDB.listColumnFamilies(settings.listing, folder.toString())
                        : List.of(RocksDB.DEFAULT_COLUMN_FAMILY);
        return names.stream()
                .map(name -> new ColumnFamilyDescriptor(name, settings.family))
                .toList();
    }

    private void add(WriteBatch to, Batch.Change change) throws RocksDBException {
        ColumnFamilyHandle handle = handleForWriting(change.family());
        if (change.to() != null) {
            to.deleteRange(handle, change.key(), change.to());
        } else if (change.value() == null) {
            to.delete(handle, change.key());
        } else {
            to.put(handle, change.key(), change.value());
        }
    }

    private ColumnFamilyHandle handleForWriting(String family) throws RocksDBException {
        ColumnFamilyHandle known = handles.get(family);
        return known != null ? known : create(family);
    }

    private synchronized ColumnFamilyHandle create(String family) throws RocksDBException {
        ColumnFamilyHandle known = handles.get(family);
        if (known != null) {
            return known;
        }
        if (readOnly) {
            throw new SlipwayException(
                    ErrorCode.STORAGE_FAILED,
                    "The database %s is open for reading only.".formatted(folder));
        }
        ColumnFamilyHandle made =
                db.createColumnFamily(
                        new ColumnFamilyDescriptor(
                                family.getBytes(StandardCharsets.UTF_8), settings.family));
        handles.put(family, made);
        return made;
    }

    private byte @Nullable [] get(String family, byte[] key, ReadOptions options) {
        gate.enter();
        try {
            ColumnFamilyHandle handle = handles.get(family);
            return handle == null ? null : db.get(handle, options, key);
        } catch (RocksDBException problem) {
            throw failed("cannot be read", problem);
        } finally {
            gate.leave();
        }
    }

    private Cursor cursor(String family, ReadOptions options) {
        gate.enter();
        ColumnFamilyHandle handle = handles.get(family);
        if (handle == null) {
            gate.leave();
            return new EmptyCursor();
        }
        return new RocksCursor(
                db.newIterator(handle, options),
                gate::leave,
                problem -> failed("cannot be read", problem));
    }

    private SlipwayException failed(String what, Exception problem) {
        return new SlipwayException(
                ErrorCode.STORAGE_FAILED,
                "The database %s %s: %s. %s"
                        .formatted(
                                folder,
                                what,
                                problem.getMessage(),
                                RocksAdvice.on(folder, problem)),
                problem);
    }

    private void closeOptions() {
        synced.close();
        buffered.close();
        reading.close();
        settings.close();
    }

    /// Holds the gate open until closed.
    private final class RocksSnapshot implements Snapshot {
        private final org.rocksdb.Snapshot rocks = db.getSnapshot();
        private final ReadOptions options = new ReadOptions().setSnapshot(rocks);
        private boolean closed;

        @Override
        public byte @Nullable [] get(String family, byte[] key) {
            return RocksDatabase.this.get(family, key, options);
        }

        @Override
        public Cursor cursor(String family) {
            return RocksDatabase.this.cursor(family, options);
        }

        @Override
        public synchronized void close() {
            if (!closed) {
                closed = true;
                options.close();
                db.releaseSnapshot(rocks);
                rocks.close();
                gate.leave();
            }
        }
    }
}
